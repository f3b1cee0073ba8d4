import { call } from "../step.ts";
import { tagList } from "../tags.ts";
import type { Kind } from "../resource.ts";

export interface DbSubnetGroupSpec {
  DBSubnetGroupName: string;
  DBSubnetGroupDescription: string;
  SubnetIds: string[];
}

export const dbSubnetGroup: Kind<DbSubnetGroupSpec> = {
  title: "DB subnet group",
  attributes: [],

  create: ({ spec, tags }) => [call("rds", "CreateDBSubnetGroup", { ...spec, Tags: tagList(tags) })],
};
