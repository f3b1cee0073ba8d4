import type { CreateDBInstanceCommandInput } from "@aws-sdk/client-rds";
import { attributes, type Kind } from "../resource.ts";
import { found, tagsFrom } from "../scope.ts";
import { call, wait } from "../step.ts";
import { tagList } from "../tags.ts";

export interface DbInstanceSpec extends Pick<
  CreateDBInstanceCommandInput,
  "DBInstanceClass" | "Engine" | "DBClusterIdentifier" | "PubliclyAccessible"
> {
  DBInstanceIdentifier: string;
}

export const dbInstance: Kind<DbInstanceSpec> = {
  title: "Aurora instance",
  attributes: ["DBInstanceArn"],
  fixed: ["DBInstanceIdentifier", "Engine", "DBClusterIdentifier"],

  read: async (ask, scope) => {
    const Filters = [{ Name: "db-cluster-id", Values: [scope.prefix] }];
    const answers = await ask("rds", "DescribeDBInstances", { Filters });
    return answers
      .flatMap(({ DBInstances }) => DBInstances ?? [])
      .map(({ DBInstanceIdentifier, DBInstanceArn = "", DBInstanceClass, Engine, DBClusterIdentifier, ...one }) =>
        found(scope, tagsFrom(one.TagList), {
          name: DBInstanceIdentifier,
          attributes: { DBInstanceArn },
          spec: { DBInstanceIdentifier, DBInstanceClass, Engine, DBClusterIdentifier },
          ready: one.DBInstanceStatus === "available",
        }),
      );
  },

  create: ({ spec, tags }) => [
    call(
      "rds",
      "CreateDBInstance",
      { ...spec, Tags: tagList(tags) },
      { gives: ({ DBInstance }) => attributes(DBInstance, "DBInstanceArn") },
    ),
  ],

  change: ({ spec: { DBInstanceIdentifier, DBInstanceClass } }, existing) =>
    existing
      ? [call("rds", "ModifyDBInstance", { DBInstanceIdentifier, DBInstanceClass, ApplyImmediately: true })]
      : [],

  ready: ({ spec: { DBInstanceIdentifier } }) => [
    wait(
      "rds",
      "DescribeDBInstances",
      { DBInstanceIdentifier },
      {
        until: `the Aurora instance ${DBInstanceIdentifier} is available`,
        holds: ({ DBInstances }) => DBInstances?.[0]?.DBInstanceStatus === "available",
        seconds: 1800,
      },
    ),
  ],

  remove: ({ name: DBInstanceIdentifier }) => [
    call(
      "rds",
      "DeleteDBInstance",
      { DBInstanceIdentifier, SkipFinalSnapshot: true },
      { tolerates: ["DBInstanceNotFoundFault", "DBInstanceNotFound"] },
    ),
    wait(
      "rds",
      "DescribeDBInstances",
      { Filters: [{ Name: "db-instance-id", Values: [DBInstanceIdentifier] }] },
      {
        until: `the Aurora instance ${DBInstanceIdentifier} is gone`,
        holds: ({ DBInstances }) => (DBInstances ?? []).length === 0,
        seconds: 1800,
      },
    ),
  ],
};
