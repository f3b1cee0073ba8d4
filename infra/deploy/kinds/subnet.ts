import { attributes, type Kind } from "../resource.ts";
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

  create: ({ spec: { Name, ...input }, tags }) => [
    call(
      "ec2",
      "CreateSubnet",
      { ...input, TagSpecifications: tagSpecifications("subnet", Name, tags) },
      { gives: ({ Subnet }) => attributes(Subnet, "SubnetId") },
    ),
  ],
};
