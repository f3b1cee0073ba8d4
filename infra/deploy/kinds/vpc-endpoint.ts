import { attributes, own, type Kind } from "../resource.ts";
import { found, tagFilter, tagsFrom } from "../scope.ts";
import { call, wait } from "../step.ts";
import { tagSpecifications } from "../tags.ts";

export interface VpcEndpointSpec {
  Name: string;
  VpcId: string;
  /** `com.amazonaws.REGION.SERVICE`. */
  ServiceName: string;
  /** A gateway is an entry of route tables and costs nothing; an interface has an address in each subnet. */
  VpcEndpointType: "Gateway" | "Interface";
  RouteTableIds?: string[];
  SubnetIds?: string[];
  SecurityGroupIds?: string[];
}

export const vpcEndpoint: Kind<VpcEndpointSpec> = {
  title: "VPC endpoint",
  attributes: ["VpcEndpointId"],
  fixed: ["VpcId", "ServiceName", "VpcEndpointType", "RouteTableIds", "SubnetIds"],

  read: async (ask, scope) => {
    const answers = await ask("ec2", "DescribeVpcEndpoints", { Filters: tagFilter(scope) });
    return answers
      .flatMap(({ VpcEndpoints }) => VpcEndpoints ?? [])
      .filter(({ State = "" }) => !/^delet/i.test(State))
      .map(({ VpcEndpointId = "", VpcId, ServiceName, VpcEndpointType, RouteTableIds, SubnetIds, State, Tags }) =>
        found(scope, tagsFrom(Tags), {
          name: VpcEndpointId,
          attributes: { VpcEndpointId },
          spec: { VpcId, ServiceName, VpcEndpointType, RouteTableIds, SubnetIds },
          ready: State?.toLowerCase() === "available",
        }),
      );
  },

  create: ({ spec: { Name, ...input }, tags }) => [
    call(
      "ec2",
      "CreateVpcEndpoint",
      {
        ...input,
        // The names of the AWS API then lead to the endpoint: tasks need no setting.
        ...(input.VpcEndpointType === "Interface" && { PrivateDnsEnabled: true }),
        TagSpecifications: tagSpecifications("vpc-endpoint", Name, tags),
      },
      { gives: ({ VpcEndpoint }) => attributes(VpcEndpoint, "VpcEndpointId") },
    ),
  ],

  ready: (resource) => [
    wait(
      "ec2",
      "DescribeVpcEndpoints",
      { VpcEndpointIds: [own(resource, "VpcEndpointId")] },
      {
        until: `the endpoint ${resource.spec.Name} is available`,
        holds: ({ VpcEndpoints }) => VpcEndpoints?.[0]?.State?.toLowerCase() === "available",
        seconds: 300,
      },
    ),
  ],

  remove: ({ attributes: { VpcEndpointId = "" } }) => [
    call("ec2", "DeleteVpcEndpoints", { VpcEndpointIds: [VpcEndpointId] }),
  ],
};
