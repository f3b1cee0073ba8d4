import { attributes, own, type Kind } from "../resource.ts";
import { call } from "../step.ts";
import { tagSpecifications } from "../tags.ts";

export interface SecurityGroupSpec {
  GroupName: string;
  Description: string;
  VpcId: string;
}

export const securityGroup: Kind<SecurityGroupSpec> = {
  title: "Security group",
  attributes: ["GroupId"],

  create: (resource) => [
    call(
      "ec2",
      "CreateSecurityGroup",
      {
        ...resource.spec,
        TagSpecifications: tagSpecifications("security-group", resource.spec.GroupName, resource.tags),
      },
      { gives: (output) => attributes(output, "GroupId") },
    ),
    // A new group lets everything out. What may go out has rules of its own here.
    call("ec2", "RevokeSecurityGroupEgress", {
      GroupId: own(resource, "GroupId"),
      IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
    }),
  ],
};
