import type { DnsConfig } from "@aws-sdk/client-servicediscovery";
import { own, type Kind } from "../resource.ts";
import { found, tagsFrom } from "../scope.ts";
import { call } from "../step.ts";
import { tagList } from "../tags.ts";
import { namespace } from "./namespace.ts";

export interface DiscoveryServiceSpec {
  /** The first label of the DNS name. */
  Name: string;
  NamespaceId: string;
  DnsConfig: DnsConfig;
}

export const discoveryService: Kind<DiscoveryServiceSpec> = {
  title: "Cloud Map service",
  attributes: ["Id", "Arn"],
  fixed: ["Name", "NamespaceId"],

  read: async (ask, scope) => {
    const namespaces = await namespace.read(ask, scope);
    const services = await Promise.all(
      namespaces.map(async ({ attributes: { NamespaceId = "" } }) => {
        const Filters = [{ Name: "NAMESPACE_ID" as const, Values: [NamespaceId] }];
        const answers = await ask("servicediscovery", "ListServices", { Filters });
        return answers.flatMap(({ Services }) => Services ?? []).map((one) => ({ one, NamespaceId }));
      }),
    );
    const all = await Promise.all(
      services.flat().map(async ({ NamespaceId, one: { Id = "", Arn = "", Name, DnsConfig } }) => {
        const [tags] = await ask("servicediscovery", "ListTagsForResource", { ResourceARN: Arn });
        return found(scope, tagsFrom(tags?.Tags), {
          name: Name,
          attributes: { Id, Arn },
          spec: { Name, NamespaceId, DnsConfig },
        });
      }),
    );
    return all.filter(({ owned }) => owned);
  },

  create: ({ spec, tags }) => [
    call(
      "servicediscovery",
      "CreateService",
      // ECS tells who is healthy; without this, Route 53 would be asked.
      { ...spec, HealthCheckCustomConfig: { FailureThreshold: 1 }, Tags: tagList(tags) },
      { gives: ({ Service: { Id = "", Arn = "" } = {} }) => ({ Id, Arn }) },
    ),
  ],

  change: (resource, existing) =>
    existing
      ? [
          call("servicediscovery", "UpdateService", {
            Id: own(resource, "Id"),
            Service: { DnsConfig: { DnsRecords: resource.spec.DnsConfig.DnsRecords } },
          }),
        ]
      : [],

  remove: ({ attributes: { Id } }) => [
    call("servicediscovery", "DeleteService", { Id }, { tolerates: ["ServiceNotFound"] }),
  ],
};
