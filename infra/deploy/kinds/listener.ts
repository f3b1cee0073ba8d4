import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { attributes, own, type Kind } from "../resource.ts";
import { found } from "../scope.ts";
import { call } from "../step.ts";
import { tagList } from "../tags.ts";
import { comparedActions, destinations, keepingWeights, listenersOf, tagsByArn } from "./load-balancing.ts";

export interface ListenerSpec {
  LoadBalancerArn: string;
  Protocol: "HTTP" | "HTTPS";
  Port: number;
  SslPolicy?: string;
  Certificates?: { CertificateArn: string }[];
  DefaultActions: Action[];
}

export const listener: Kind<ListenerSpec> = {
  title: "Listener",
  attributes: ["ListenerArn"],
  fixed: ["LoadBalancerArn"],

  read: async (ask, scope) => {
    const listeners = await listenersOf(ask, scope);
    const tags = await tagsByArn(
      ask,
      listeners.map(({ ListenerArn = "" }) => ListenerArn),
    );
    return listeners.map(({ ListenerArn = "", DefaultActions, Certificates, ...one }) =>
      found(scope, tags.get(ListenerArn) ?? {}, {
        name: ListenerArn,
        attributes: { ListenerArn },
        spec: {
          LoadBalancerArn: one.LoadBalancerArn,
          Protocol: one.Protocol,
          Port: one.Port,
          ...(one.SslPolicy && { SslPolicy: one.SslPolicy }),
          ...(Certificates?.length && { Certificates }),
          DefaultActions: destinations(DefaultActions),
        },
      }),
    );
  },

  compared: (spec) => ({ ...spec, DefaultActions: comparedActions(spec.DefaultActions) }),

  create: ({ spec, tags }) => [
    call(
      "elasticloadbalancing",
      "CreateListener",
      { ...spec, Tags: tagList(tags) },
      { gives: ({ Listeners }) => attributes(Listeners?.[0], "ListenerArn") },
    ),
  ],

  change: (resource, existing) => {
    if (!existing) return [];
    const { LoadBalancerArn: _, ...input } = resource.spec;
    const ListenerArn = own(resource, "ListenerArn");
    const DefaultActions = keepingWeights(input.DefaultActions, existing.spec["DefaultActions"]);
    return [call("elasticloadbalancing", "ModifyListener", { ...input, ListenerArn, DefaultActions })];
  },

  remove: ({ attributes: { ListenerArn } }) => [
    call("elasticloadbalancing", "DeleteListener", { ListenerArn }, { tolerates: ["ListenerNotFoundException"] }),
  ],
};
