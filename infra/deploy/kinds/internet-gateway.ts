import { attributes, own, type Kind } from "../resource.ts";
import { found, tagFilter, tagsFrom } from "../scope.ts";
import { call } from "../step.ts";
import { tagSpecifications } from "../tags.ts";

export interface InternetGatewaySpec {
  Name: string;
  VpcId: string;
}

export const internetGateway: Kind<InternetGatewaySpec> = {
  title: "Internet gateway",
  attributes: ["InternetGatewayId"],

  read: async (ask, scope) => {
    const answers = await ask("ec2", "DescribeInternetGateways", { Filters: tagFilter(scope) });
    return answers
      .flatMap(({ InternetGateways }) => InternetGateways ?? [])
      .map(({ InternetGatewayId = "", Attachments, Tags }) =>
        found(scope, tagsFrom(Tags), {
          name: InternetGatewayId,
          attributes: { InternetGatewayId },
          spec: { VpcId: Attachments?.[0]?.VpcId },
        }),
      );
  },

  create: ({ spec: { Name }, tags }) => [
    call(
      "ec2",
      "CreateInternetGateway",
      { TagSpecifications: tagSpecifications("internet-gateway", Name, tags) },
      { gives: ({ InternetGateway }) => attributes(InternetGateway, "InternetGatewayId") },
    ),
  ],

  change: (resource) => [
    call("ec2", "AttachInternetGateway", {
      InternetGatewayId: own(resource, "InternetGatewayId"),
      VpcId: resource.spec.VpcId,
    }),
  ],

  remove: ({ attributes: { InternetGatewayId }, spec }) => [
    ...(spec["VpcId"]
      ? [call("ec2", "DetachInternetGateway", { InternetGatewayId, VpcId: spec["VpcId"] as string })]
      : []),
    call("ec2", "DeleteInternetGateway", { InternetGatewayId }, { tolerates: ["InvalidInternetGatewayID.NotFound"] }),
  ],
};
