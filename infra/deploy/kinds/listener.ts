import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { attributes, type Kind } from "../resource.ts";
import { call } from "../step.ts";
import { tagList } from "../tags.ts";

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

  create: ({ spec, tags }) => [
    call(
      "elasticloadbalancing",
      "CreateListener",
      { ...spec, Tags: tagList(tags) },
      { gives: ({ Listeners }) => attributes(Listeners?.[0], "ListenerArn") },
    ),
  ],
};
