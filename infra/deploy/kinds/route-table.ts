import { attributes, own, type Kind } from "../resource.ts";
import { call } from "../step.ts";
import { tagSpecifications } from "../tags.ts";

export interface RouteTableSpec {
  Name: string;
  VpcId: string;
  /** Where the rest of the world is; without it, the table knows only the VPC. */
  InternetGatewayId?: string;
  SubnetIds: string[];
}

export const routeTable: Kind<RouteTableSpec> = {
  title: "Route table",
  attributes: ["RouteTableId"],

  create: (resource) => {
    const { Name, VpcId, InternetGatewayId: GatewayId, SubnetIds } = resource.spec;
    const RouteTableId = own(resource, "RouteTableId");
    return [
      call(
        "ec2",
        "CreateRouteTable",
        { VpcId, TagSpecifications: tagSpecifications("route-table", Name, resource.tags) },
        { gives: ({ RouteTable }) => attributes(RouteTable, "RouteTableId") },
      ),
      ...(GatewayId
        ? [call("ec2", "CreateRoute", { RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId })]
        : []),
      ...SubnetIds.map((SubnetId) => call("ec2", "AssociateRouteTable", { RouteTableId, SubnetId })),
    ];
  },
};
