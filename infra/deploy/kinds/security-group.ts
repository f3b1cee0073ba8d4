import { attributes, own, type Kind } from "../resource.ts";
import { found, tagsFrom } from "../scope.ts";
import { call } from "../step.ts";
import { tagSpecifications } from "../tags.ts";
import { without } from "../without.ts";

export interface SecurityGroupSpec {
  GroupName: string;
  Description: string;
  VpcId: string;
  /** A new group lets everything out; what may go out has rules of its own here. */
  letsEverythingOut: false;
}

const EVERYTHING = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] };

export const securityGroup: Kind<SecurityGroupSpec> = {
  title: "Security group",
  attributes: ["GroupId"],
  fixed: ["GroupName", "Description", "VpcId"],

  read: async (ask, scope) => {
    const Filters = [{ Name: "group-name", Values: [`${scope.prefix}-*`] }];
    const answers = await ask("ec2", "DescribeSecurityGroups", { Filters });
    return answers
      .flatMap(({ SecurityGroups }) => SecurityGroups ?? [])
      .map(({ GroupId = "", GroupName, Description, VpcId, IpPermissionsEgress, Tags }) =>
        found(scope, tagsFrom(Tags), {
          name: GroupName,
          attributes: { GroupId },
          spec: {
            GroupName,
            Description,
            VpcId,
            letsEverythingOut: IpPermissionsEgress?.some(({ IpProtocol }) => IpProtocol === "-1") ?? false,
          },
        }),
      );
  },

  create: ({ spec, tags }) => [
    call(
      "ec2",
      "CreateSecurityGroup",
      {
        ...without(spec, "letsEverythingOut"),
        TagSpecifications: tagSpecifications("security-group", spec.GroupName, tags),
      },
      { gives: (output) => attributes(output, "GroupId") },
    ),
  ],

  change: (resource) => [
    call("ec2", "RevokeSecurityGroupEgress", { GroupId: own(resource, "GroupId"), IpPermissions: [EVERYTHING] }),
  ],

  remove: ({ attributes: { GroupId } }) => [
    call("ec2", "DeleteSecurityGroup", { GroupId }, { tolerates: ["InvalidGroup.NotFound"] }),
  ],
};
