import type { CreateDBClusterCommandInput, DBCluster } from "@aws-sdk/client-rds";
import { attributes, type Kind } from "../resource.ts";
import type { Attributes } from "../reference.ts";
import { call, wait } from "../step.ts";
import { tagList } from "../tags.ts";

export interface DbClusterSpec extends Pick<
  CreateDBClusterCommandInput,
  | "Engine"
  | "EngineVersion"
  | "DBSubnetGroupName"
  | "DBClusterParameterGroupName"
  | "VpcSecurityGroupIds"
  | "MasterUsername"
  | "ManageMasterUserPassword"
  | "StorageEncrypted"
  | "BackupRetentionPeriod"
  | "DeletionProtection"
  | "CopyTagsToSnapshot"
  | "ServerlessV2ScalingConfiguration"
> {
  DBClusterIdentifier: string;
}

export const dbCluster: Kind<DbClusterSpec> = {
  title: "Aurora cluster",
  attributes: ["DBClusterArn", "Endpoint", "MasterUserSecretArn"],

  create: ({ spec, tags }) => [
    call("rds", "CreateDBCluster", { ...spec, Tags: tagList(tags) }, { gives: ({ DBCluster }) => known(DBCluster) }),
    // The secret of the master user may get its ARN only while the cluster is being made.
    wait(
      "rds",
      "DescribeDBClusters",
      { DBClusterIdentifier: spec.DBClusterIdentifier },
      {
        until: `the Aurora cluster ${spec.DBClusterIdentifier} is available`,
        holds: ({ DBClusters }) => DBClusters?.[0]?.Status === "available",
        gives: ({ DBClusters }) => known(DBClusters?.[0]),
        seconds: 1200,
      },
    ),
  ],
};

const known = (found: DBCluster | undefined): Attributes => ({
  ...attributes(found, "DBClusterArn", "Endpoint"),
  ...(found?.MasterUserSecret?.SecretArn && { MasterUserSecretArn: found.MasterUserSecret.SecretArn }),
});
