import { attributes, type Kind } from "../resource.ts";
import { found, tagFilter, tagsFrom } from "../scope.ts";
import { call } from "../step.ts";
import { tagSpecifications } from "../tags.ts";

export interface SubnetSpec {
  Name: string;
  VpcId: string;
  CidrBlock: string;
  AvailabilityZone: string;
}

export const subnet: Kind<SubnetSpec> = {
  title: "Subnet",
  attributes: ["SubnetId"],
  fixed: ["VpcId", "CidrBlock", "AvailabilityZone"],

  read: async (ask, scope) => {
    const answers = await ask("ec2", "DescribeSubnets", { Filters: tagFilter(scope) });
    return answers
      .flatMap(({ Subnets }) => Subnets ?? [])
      .map(({ SubnetId = "", VpcId, CidrBlock, AvailabilityZone, Tags }) =>
        found(scope, tagsFrom(Tags), {
          name: SubnetId,
          attributes: { SubnetId },
          spec: { VpcId, CidrBlock, AvailabilityZone },
        }),
      );
  },

  create: ({ spec: { Name, ...input }, tags }) => [
    call(
      "ec2",
      "CreateSubnet",
      { ...input, TagSpecifications: tagSpecifications("subnet", Name, tags) },
      { gives: ({ Subnet }) => attributes(Subnet, "SubnetId") },
    ),
  ],

  remove: ({ attributes: { SubnetId } }) => [
    call("ec2", "DeleteSubnet", { SubnetId }, { tolerates: ["InvalidSubnetID.NotFound"] }),
  ],
};
