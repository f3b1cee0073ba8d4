import type { Resource } from "../resource.ts";
import { nameOf, refTo, resource, type Blueprint } from "./blueprint.ts";
import type { Network } from "./network.ts";

const ENGINE = "aurora-postgresql";

/** Aurora Serverless v2 PostgreSQL in two subnets that nothing but the tasks reaches. */
export function database(plan: Blueprint, { databaseSubnets }: Network): Resource[] {
  const { engineVersion, minimum, maximum, logicalReplication, backupDays, deletionProtection } =
    plan.environment.database;
  const name = nameOf(plan);
  return [
    resource(plan, "db-subnet-group", "main", {
      DBSubnetGroupName: name,
      DBSubnetGroupDescription: `subnets of ${name}`,
      SubnetIds: databaseSubnets,
    }),
    resource(plan, "db-parameter-group", "main", {
      DBClusterParameterGroupName: name,
      DBParameterGroupFamily: `${ENGINE}${engineVersion.split(".")[0]}`,
      Description: `parameters of ${name}`,
      parameters: { "rds.logical_replication": logicalReplication ? "1" : "0" },
    }),
    resource(
      plan,
      "db-cluster",
      "main",
      {
        DBClusterIdentifier: name,
        Engine: ENGINE,
        EngineVersion: engineVersion,
        DBSubnetGroupName: name,
        DBClusterParameterGroupName: name,
        VpcSecurityGroupIds: [refTo("security-group", "database", "GroupId")],
        MasterUsername: "postgres",
        // RDS makes the password, keeps it in Secrets Manager, and changes it every week.
        ManageMasterUserPassword: true,
        StorageEncrypted: true,
        BackupRetentionPeriod: backupDays,
        DeletionProtection: deletionProtection,
        CopyTagsToSnapshot: true,
        ServerlessV2ScalingConfiguration: {
          MinCapacity: minimum,
          MaxCapacity: maximum,
          ...(minimum === 0 && { SecondsUntilAutoPause: 300 }),
        },
      },
      ["db-subnet-group/main", "db-parameter-group/main"],
    ),
    resource(
      plan,
      "db-instance",
      "main",
      {
        DBInstanceIdentifier: nameOf(plan, "1"),
        DBInstanceClass: "db.serverless",
        Engine: ENGINE,
        DBClusterIdentifier: name,
        PubliclyAccessible: false,
      },
      ["db-cluster/main"],
    ),
  ];
}
