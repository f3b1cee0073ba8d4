import type { RouteTable } from "@aws-sdk/client-ec2";
import { attributes, own, type Kind } from "../resource.ts";
import { found, tagFilter, tagsFrom } from "../scope.ts";
import { call } from "../step.ts";
import { tagSpecifications } from "../tags.ts";

export interface RouteTableSpec {
  Name: string;
  VpcId: string;
  /** Where the rest of the world is; without it, the table knows only the VPC. */
  InternetGatewayId?: string;
  SubnetIds: string[];
}

const EVERYWHERE = "0.0.0.0/0";

export const routeTable: Kind<RouteTableSpec> = {
  title: "Route table",
  attributes: ["RouteTableId"],
  fixed: ["VpcId"],

  read: async (ask, scope) => {
    const answers = await ask("ec2", "DescribeRouteTables", { Filters: tagFilter(scope) });
    return answers
      .flatMap(({ RouteTables }) => RouteTables ?? [])
      .map(({ RouteTableId = "", VpcId, Routes, Tags, ...table }) =>
        found(scope, tagsFrom(Tags), {
          name: RouteTableId,
          attributes: { RouteTableId },
          spec: {
            VpcId,
            InternetGatewayId: Routes?.find((route) => route.DestinationCidrBlock === EVERYWHERE)?.GatewayId,
            SubnetIds: associations(table).map(({ SubnetId }) => SubnetId),
            associations: associations(table).map(({ RouteTableAssociationId }) => RouteTableAssociationId),
          },
        }),
      );
  },

  create: ({ spec: { Name, VpcId }, tags }) => [
    call(
      "ec2",
      "CreateRouteTable",
      { VpcId, TagSpecifications: tagSpecifications("route-table", Name, tags) },
      { gives: ({ RouteTable }) => attributes(RouteTable, "RouteTableId") },
    ),
  ],

  change: (resource, found) => {
    const { InternetGatewayId: GatewayId, SubnetIds } = resource.spec;
    const RouteTableId = own(resource, "RouteTableId");
    const route = { RouteTableId, DestinationCidrBlock: EVERYWHERE };
    const associated = (found?.spec["SubnetIds"] ?? []) as string[];
    return [
      ...(GatewayId && !found?.spec["InternetGatewayId"] ? [call("ec2", "CreateRoute", { ...route, GatewayId })] : []),
      ...(GatewayId && found?.spec["InternetGatewayId"] ? [call("ec2", "ReplaceRoute", { ...route, GatewayId })] : []),
      ...SubnetIds.filter((id) => !associated.includes(id)).map((SubnetId) =>
        call("ec2", "AssociateRouteTable", { RouteTableId, SubnetId }),
      ),
    ];
  },

  remove: ({ attributes: { RouteTableId }, spec }) => [
    ...(spec["associations"] as string[]).map((AssociationId) =>
      call("ec2", "DisassociateRouteTable", { AssociationId }, { tolerates: ["InvalidAssociationID.NotFound"] }),
    ),
    call("ec2", "DeleteRouteTable", { RouteTableId }, { tolerates: ["InvalidRouteTableID.NotFound"] }),
  ],
};

const associations = ({ Associations = [] }: RouteTable) => Associations.filter(({ SubnetId }) => SubnetId);
