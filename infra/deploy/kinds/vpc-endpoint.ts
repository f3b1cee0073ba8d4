import { attributes, own, type Kind } from "../resource.ts";
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

  create: (resource) => {
    const { Name, ...input } = resource.spec;
    return [
      call(
        "ec2",
        "CreateVpcEndpoint",
        {
          ...input,
          // The names of the AWS API then lead to the endpoint: tasks need no setting.
          ...(input.VpcEndpointType === "Interface" && { PrivateDnsEnabled: true }),
          TagSpecifications: tagSpecifications("vpc-endpoint", Name, resource.tags),
        },
        { gives: ({ VpcEndpoint }) => attributes(VpcEndpoint, "VpcEndpointId") },
      ),
      wait(
        "ec2",
        "DescribeVpcEndpoints",
        { VpcEndpointIds: [own(resource, "VpcEndpointId")] },
        {
          until: `the endpoint ${Name} is available`,
          holds: ({ VpcEndpoints }) => VpcEndpoints?.[0]?.State?.toLowerCase() === "available",
          seconds: 300,
        },
      ),
    ];
  },
};
