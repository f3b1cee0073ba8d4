import type { CreateDBInstanceCommandInput } from "@aws-sdk/client-rds";
import { attributes, type Kind } from "../resource.ts";
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

  create: ({ spec, tags }) => [
    call(
      "rds",
      "CreateDBInstance",
      { ...spec, Tags: tagList(tags) },
      {
        gives: ({ DBInstance }) => attributes(DBInstance, "DBInstanceArn"),
      },
    ),
    wait(
      "rds",
      "DescribeDBInstances",
      { DBInstanceIdentifier: spec.DBInstanceIdentifier },
      {
        until: `the Aurora instance ${spec.DBInstanceIdentifier} is available`,
        holds: ({ DBInstances }) => DBInstances?.[0]?.DBInstanceStatus === "available",
        seconds: 1800,
      },
    ),
  ],
};
