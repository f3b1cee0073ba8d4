import { attributes, type Kind } from "../resource.ts";
import { call } from "../step.ts";
import { tagSpecifications } from "../tags.ts";

export interface SecurityGroupRuleSpec {
  Name: string;
  GroupId: string;
  direction: "ingress" | "egress";
  /** TCP port. */
  port: number;
  /** The other side: a security group, or a range of addresses. */
  peer: { GroupId: string } | { CidrIp: string };
}

export const securityGroupRule: Kind<SecurityGroupRuleSpec> = {
  title: "Security group rule",
  attributes: ["SecurityGroupRuleId"],

  create: ({ spec: { Name, GroupId, direction, port, peer }, tags }) => [
    call(
      "ec2",
      direction === "ingress" ? "AuthorizeSecurityGroupIngress" : "AuthorizeSecurityGroupEgress",
      {
        GroupId,
        IpPermissions: [
          {
            IpProtocol: "tcp",
            FromPort: port,
            ToPort: port,
            ...("CidrIp" in peer ? { IpRanges: [peer] } : { UserIdGroupPairs: [peer] }),
          },
        ],
        TagSpecifications: tagSpecifications("security-group-rule", Name, tags),
      },
      { gives: ({ SecurityGroupRules }) => attributes(SecurityGroupRules?.[0], "SecurityGroupRuleId") },
    ),
  ],
};
