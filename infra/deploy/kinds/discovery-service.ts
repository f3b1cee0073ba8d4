import type { DnsConfig } from "@aws-sdk/client-servicediscovery";
import { type Kind } from "../resource.ts";
import { call } from "../step.ts";
import { tagList } from "../tags.ts";

export interface DiscoveryServiceSpec {
  /** The first label of the DNS name. */
  Name: string;
  NamespaceId: string;
  DnsConfig: DnsConfig;
}

export const discoveryService: Kind<DiscoveryServiceSpec> = {
  title: "Cloud Map service",
  attributes: ["Id", "Arn"],

  create: ({ spec, tags }) => [
    call(
      "servicediscovery",
      "CreateService",
      // ECS tells who is healthy; without this, Route 53 would be asked.
      { ...spec, HealthCheckCustomConfig: { FailureThreshold: 1 }, Tags: tagList(tags) },
      { gives: ({ Service: { Id = "", Arn = "" } = {} }) => ({ Id, Arn }) },
    ),
  ],
};
