import { attributes, own, type Kind } from "../resource.ts";
import { call } from "../step.ts";
import { tagSpecifications } from "../tags.ts";

export interface VpcSpec {
  Name: string;
  CidrBlock: string;
}

export const vpc: Kind<VpcSpec> = {
  title: "VPC",
  attributes: ["VpcId"],

  create: (resource) => [
    call(
      "ec2",
      "CreateVpc",
      {
        CidrBlock: resource.spec.CidrBlock,
        TagSpecifications: tagSpecifications("vpc", resource.spec.Name, resource.tags),
      },
      { gives: ({ Vpc }) => attributes(Vpc, "VpcId") },
    ),
    // Private DNS names, of Cloud Map and of endpoints, need both; DnsSupport is on from the start.
    call("ec2", "ModifyVpcAttribute", { VpcId: own(resource, "VpcId"), EnableDnsHostnames: { Value: true } }),
  ],
};
