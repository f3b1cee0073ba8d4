import { call } from "../step.ts";
import { tagList } from "../tags.ts";
import type { Kind } from "../resource.ts";

export interface DbParameterGroupSpec {
  DBClusterParameterGroupName: string;
  DBParameterGroupFamily: string;
  Description: string;
  /** Values that differ from AWS's defaults, by name; static ones hold from the next start of the server. */
  parameters: Record<string, string>;
}

export const dbParameterGroup: Kind<DbParameterGroupSpec> = {
  title: "DB cluster parameter group",
  attributes: [],

  create: ({ spec: { parameters, ...input }, tags }) => [
    call("rds", "CreateDBClusterParameterGroup", { ...input, Tags: tagList(tags) }),
    call("rds", "ModifyDBClusterParameterGroup", {
      DBClusterParameterGroupName: input.DBClusterParameterGroupName,
      Parameters: Object.entries(parameters).map(([ParameterName, ParameterValue]) => ({
        ParameterName,
        ParameterValue,
        ApplyMethod: "pending-reboot" as const,
      })),
    }),
  ],
};
