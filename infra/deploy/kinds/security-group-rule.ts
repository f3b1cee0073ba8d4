import { attributes, type Kind } from "../resource.ts";
import { found, tagFilter, tagsFrom } from "../scope.ts";
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
  fixed: ["GroupId", "direction", "port", "peer"],

  read: async (ask, scope) => {
    const answers = await ask("ec2", "DescribeSecurityGroupRules", { Filters: tagFilter(scope) });
    return answers
      .flatMap(({ SecurityGroupRules }) => SecurityGroupRules ?? [])
      .map(({ SecurityGroupRuleId = "", GroupId, IsEgress, FromPort, CidrIpv4, ReferencedGroupInfo, Tags }) =>
        found(scope, tagsFrom(Tags), {
          name: SecurityGroupRuleId,
          attributes: { SecurityGroupRuleId },
          spec: {
            GroupId,
            direction: IsEgress ? "egress" : "ingress",
            port: FromPort,
            peer: CidrIpv4 ? { CidrIp: CidrIpv4 } : { GroupId: ReferencedGroupInfo?.GroupId },
          },
        }),
      );
  },

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

  remove: ({ attributes: { SecurityGroupRuleId = "" }, spec }) => [
    call(
      "ec2",
      spec["direction"] === "ingress" ? "RevokeSecurityGroupIngress" : "RevokeSecurityGroupEgress",
      { GroupId: spec["GroupId"] as string, SecurityGroupRuleIds: [SecurityGroupRuleId] },
      { tolerates: ["InvalidSecurityGroupRuleId.NotFound", "InvalidGroup.NotFound"] },
    ),
  ],
};
