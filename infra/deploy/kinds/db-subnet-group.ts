import { orNone } from "../ask.ts";
import type { Kind } from "../resource.ts";
import { found, tagsFrom } from "../scope.ts";
import { call } from "../step.ts";
import { tagList } from "../tags.ts";

export interface DbSubnetGroupSpec {
  DBSubnetGroupName: string;
  DBSubnetGroupDescription: string;
  SubnetIds: string[];
}

export const dbSubnetGroup: Kind<DbSubnetGroupSpec> = {
  title: "DB subnet group",
  attributes: [],
  fixed: ["DBSubnetGroupName"],

  read: async (ask, scope) => {
    const answers = await orNone(
      ask("rds", "DescribeDBSubnetGroups", { DBSubnetGroupName: scope.prefix }),
      "DBSubnetGroupNotFoundFault",
    );
    return Promise.all(
      answers
        .flatMap(({ DBSubnetGroups }) => DBSubnetGroups ?? [])
        .map(async ({ DBSubnetGroupName, DBSubnetGroupArn, DBSubnetGroupDescription, Subnets }) => {
          const [tags] = await ask("rds", "ListTagsForResource", { ResourceName: DBSubnetGroupArn });
          const SubnetIds = Subnets?.map(({ SubnetIdentifier }) => SubnetIdentifier);
          return found(scope, tagsFrom(tags?.TagList), {
            name: DBSubnetGroupName,
            attributes: {},
            spec: { DBSubnetGroupName, DBSubnetGroupDescription, SubnetIds },
          });
        }),
    );
  },

  create: ({ spec, tags }) => [call("rds", "CreateDBSubnetGroup", { ...spec, Tags: tagList(tags) })],
  change: ({ spec }, existing) => (existing ? [call("rds", "ModifyDBSubnetGroup", spec)] : []),
  remove: ({ name: DBSubnetGroupName }) => [
    call("rds", "DeleteDBSubnetGroup", { DBSubnetGroupName }, { tolerates: ["DBSubnetGroupNotFoundFault"] }),
  ],
};
