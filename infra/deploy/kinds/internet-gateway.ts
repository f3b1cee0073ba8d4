import { attributes, own, type Kind } from "../resource.ts";
import { call } from "../step.ts";
import { tagSpecifications } from "../tags.ts";

export interface InternetGatewaySpec {
  Name: string;
  VpcId: string;
}

export const internetGateway: Kind<InternetGatewaySpec> = {
  title: "Internet gateway",
  attributes: ["InternetGatewayId"],

  create: (resource) => [
    call(
      "ec2",
      "CreateInternetGateway",
      { TagSpecifications: tagSpecifications("internet-gateway", resource.spec.Name, resource.tags) },
      { gives: ({ InternetGateway }) => attributes(InternetGateway, "InternetGatewayId") },
    ),
    call("ec2", "AttachInternetGateway", {
      InternetGatewayId: own(resource, "InternetGatewayId"),
      VpcId: resource.spec.VpcId,
    }),
  ],
};
