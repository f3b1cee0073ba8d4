import type { CreateDBClusterCommandInput, DBCluster } from "@aws-sdk/client-rds";
import { orNone } from "../ask.ts";
import type { Attributes } from "../reference.ts";
import { attributes, type Kind } from "../resource.ts";
import { found, tagsFrom } from "../scope.ts";
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
  fixed: ["DBClusterIdentifier", "Engine", "MasterUsername"],

  read: async (ask, scope) => {
    const answers = await orNone(
      ask("rds", "DescribeDBClusters", { DBClusterIdentifier: scope.prefix }),
      "DBClusterNotFoundFault",
    );
    return answers
      .flatMap(({ DBClusters }) => DBClusters ?? [])
      .map((one) =>
        found(scope, tagsFrom(one.TagList), {
          name: one.DBClusterIdentifier,
          attributes: known(one),
          spec: {
            DBClusterIdentifier: one.DBClusterIdentifier,
            Engine: one.Engine,
            MasterUsername: one.MasterUsername,
            BackupRetentionPeriod: one.BackupRetentionPeriod,
            DeletionProtection: one.DeletionProtection ?? false,
            VpcSecurityGroupIds: one.VpcSecurityGroups?.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId),
            ServerlessV2ScalingConfiguration: one.ServerlessV2ScalingConfiguration,
          },
          ready: one.Status === "available",
        }),
      );
  },

  create: ({ spec, tags }) => [
    call("rds", "CreateDBCluster", { ...spec, Tags: tagList(tags) }, { gives: ({ DBCluster }) => known(DBCluster) }),
  ],

  change: ({ spec }, existing) =>
    existing
      ? [
          call("rds", "ModifyDBCluster", {
            DBClusterIdentifier: spec.DBClusterIdentifier,
            BackupRetentionPeriod: spec.BackupRetentionPeriod,
            DeletionProtection: spec.DeletionProtection,
            VpcSecurityGroupIds: spec.VpcSecurityGroupIds,
            ServerlessV2ScalingConfiguration: spec.ServerlessV2ScalingConfiguration,
            ApplyImmediately: true,
          }),
        ]
      : [],

  // The secret of the master user may get its ARN only while the cluster is being made.
  ready: ({ spec: { DBClusterIdentifier } }) => [
    wait(
      "rds",
      "DescribeDBClusters",
      { DBClusterIdentifier },
      {
        until: `the Aurora cluster ${DBClusterIdentifier} is available`,
        holds: ({ DBClusters }) => DBClusters?.[0]?.Status === "available",
        gives: ({ DBClusters }) => known(DBClusters?.[0]),
        seconds: 1200,
      },
    ),
  ],

  remove: ({ name: DBClusterIdentifier }) => [
    call(
      "rds",
      "DeleteDBCluster",
      { DBClusterIdentifier, SkipFinalSnapshot: true },
      { tolerates: ["DBClusterNotFoundFault"] },
    ),
    wait(
      "rds",
      "DescribeDBClusters",
      { Filters: [{ Name: "db-cluster-id", Values: [DBClusterIdentifier] }] },
      {
        until: `the Aurora cluster ${DBClusterIdentifier} is gone`,
        holds: ({ DBClusters }) => (DBClusters ?? []).length === 0,
        seconds: 1200,
      },
    ),
  ],
};

const known = (one: DBCluster | undefined): Attributes => ({
  ...attributes(one, "DBClusterArn", "Endpoint"),
  ...(one?.MasterUserSecret?.SecretArn && { MasterUserSecretArn: one.MasterUserSecret.SecretArn }),
});
