import { attributes, own, type Kind } from "../resource.ts";
import { found, tagFilter, tagsFrom } from "../scope.ts";
import { call } from "../step.ts";
import { tagSpecifications } from "../tags.ts";

export interface VpcSpec {
  Name: string;
  CidrBlock: string;
  /** Private DNS names, of Cloud Map and of endpoints, need it. */
  EnableDnsHostnames: boolean;
}

export const vpc: Kind<VpcSpec> = {
  title: "VPC",
  attributes: ["VpcId"],
  fixed: ["CidrBlock"],

  read: async (ask, scope) => {
    const answers = await ask("ec2", "DescribeVpcs", { Filters: tagFilter(scope) });
    const vpcs = answers.flatMap(({ Vpcs }) => Vpcs ?? []);
    return Promise.all(
      vpcs.map(async ({ VpcId = "", CidrBlock, Tags }) => {
        const [names] = await ask("ec2", "DescribeVpcAttribute", { VpcId, Attribute: "enableDnsHostnames" });
        const EnableDnsHostnames = names?.EnableDnsHostnames?.Value ?? false;
        return found(scope, tagsFrom(Tags), {
          name: VpcId,
          attributes: { VpcId },
          spec: { CidrBlock, EnableDnsHostnames },
        });
      }),
    );
  },

  create: ({ spec: { Name, CidrBlock }, tags }) => [
    call(
      "ec2",
      "CreateVpc",
      { CidrBlock, TagSpecifications: tagSpecifications("vpc", Name, tags) },
      { gives: ({ Vpc }) => attributes(Vpc, "VpcId") },
    ),
  ],

  change: (resource) => [
    call("ec2", "ModifyVpcAttribute", {
      VpcId: own(resource, "VpcId"),
      EnableDnsHostnames: { Value: resource.spec.EnableDnsHostnames },
    }),
  ],

  remove: ({ attributes: { VpcId } }) => [
    call("ec2", "DeleteVpc", { VpcId }, { tolerates: ["InvalidVpcID.NotFound"] }),
  ],
};
