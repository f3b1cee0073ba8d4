import { orNone } from "../ask.ts";
import type { Kind } from "../resource.ts";
import { found, tagsFrom } from "../scope.ts";
import { call } from "../step.ts";
import { tagList } from "../tags.ts";
import { without } from "../without.ts";

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
  fixed: ["DBClusterParameterGroupName", "DBParameterGroupFamily", "Description"],

  read: async (ask, scope) => {
    const answers = await orNone(
      ask("rds", "DescribeDBClusterParameterGroups", { DBClusterParameterGroupName: scope.prefix }),
      "DBParameterGroupNotFoundFault",
      "DBClusterParameterGroupNotFoundFault",
      "DBParameterGroupNotFound",
    );
    return Promise.all(
      answers
        .flatMap(({ DBClusterParameterGroups }) => DBClusterParameterGroups ?? [])
        .map(
          async ({ DBClusterParameterGroupName, DBClusterParameterGroupArn, DBParameterGroupFamily, Description }) => {
            const [[tags], pages] = await Promise.all([
              ask("rds", "ListTagsForResource", { ResourceName: DBClusterParameterGroupArn }),
              ask("rds", "DescribeDBClusterParameters", { DBClusterParameterGroupName, Source: "user" }),
            ]);
            const set = pages.flatMap(({ Parameters }) => Parameters ?? []);
            const parameters = Object.fromEntries(set.map((one) => [one.ParameterName, one.ParameterValue]));
            return found(scope, tagsFrom(tags?.TagList), {
              name: DBClusterParameterGroupName,
              attributes: {},
              spec: { DBClusterParameterGroupName, DBParameterGroupFamily, Description, parameters },
            });
          },
        ),
    );
  },

  create: ({ spec, tags }) => [
    call("rds", "CreateDBClusterParameterGroup", { ...without(spec, "parameters"), Tags: tagList(tags) }),
  ],

  change: ({ spec: { DBClusterParameterGroupName, parameters } }) => [
    call("rds", "ModifyDBClusterParameterGroup", {
      DBClusterParameterGroupName,
      Parameters: Object.entries(parameters).map(([ParameterName, ParameterValue]) => ({
        ParameterName,
        ParameterValue,
        ApplyMethod: "pending-reboot" as const,
      })),
    }),
  ],

  remove: ({ name: DBClusterParameterGroupName }) => [
    call(
      "rds",
      "DeleteDBClusterParameterGroup",
      { DBClusterParameterGroupName },
      { tolerates: ["DBParameterGroupNotFoundFault", "DBParameterGroupNotFound"] },
    ),
  ],
};
