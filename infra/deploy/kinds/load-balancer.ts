import type { LoadBalancer } from "@aws-sdk/client-elastic-load-balancing-v2";
import { own, type Kind } from "../resource.ts";
import { found, isNamedFor } from "../scope.ts";
import { call, wait } from "../step.ts";
import { tagList } from "../tags.ts";
import { attributesOf, tagsByArn } from "./load-balancing.ts";
import { without } from "../without.ts";

export interface LoadBalancerSpec {
  Name: string;
  Subnets: string[];
  SecurityGroups: string[];
  /** Attributes that differ from AWS's defaults, by key. */
  Attributes: Record<string, string>;
}

export const loadBalancer: Kind<LoadBalancerSpec> = {
  title: "Load balancer",
  attributes: ["LoadBalancerArn", "DNSName", "ResourceLabel"],
  fixed: ["Name"],

  read: async (ask, scope) => {
    const answers = await ask("elasticloadbalancing", "DescribeLoadBalancers", {});
    const named = answers
      .flatMap(({ LoadBalancers }) => LoadBalancers ?? [])
      .filter(({ LoadBalancerName }) => isNamedFor(scope, LoadBalancerName));
    const tags = await tagsByArn(
      ask,
      named.map(({ LoadBalancerArn = "" }) => LoadBalancerArn),
    );
    return Promise.all(
      named.map(async (one) => {
        const LoadBalancerArn = one.LoadBalancerArn ?? "";
        const current = await ask("elasticloadbalancing", "DescribeLoadBalancerAttributes", { LoadBalancerArn });
        return found(scope, tags.get(LoadBalancerArn) ?? {}, {
          name: one.LoadBalancerName,
          attributes: known(one),
          spec: {
            Name: one.LoadBalancerName,
            Subnets: one.AvailabilityZones?.map(({ SubnetId }) => SubnetId),
            SecurityGroups: one.SecurityGroups,
            Attributes: attributesOf(current),
          },
          ready: one.State?.Code === "active",
        });
      }),
    );
  },

  create: ({ spec, tags }) => [
    call(
      "elasticloadbalancing",
      "CreateLoadBalancer",
      { ...without(spec, "Attributes"), Type: "application", Scheme: "internet-facing", Tags: tagList(tags) },
      { gives: ({ LoadBalancers }) => known(LoadBalancers?.[0]) },
    ),
  ],

  change: (resource, existing) => {
    const { Attributes, Subnets, SecurityGroups } = resource.spec;
    const LoadBalancerArn = own(resource, "LoadBalancerArn");
    const placed = [
      call("elasticloadbalancing", "SetSubnets", { LoadBalancerArn, Subnets }),
      call("elasticloadbalancing", "SetSecurityGroups", { LoadBalancerArn, SecurityGroups }),
    ];
    return [
      ...(existing ? placed : []),
      call("elasticloadbalancing", "ModifyLoadBalancerAttributes", {
        LoadBalancerArn,
        Attributes: tagList(Attributes),
      }),
    ];
  },

  ready: (resource) => [
    wait(
      "elasticloadbalancing",
      "DescribeLoadBalancers",
      { LoadBalancerArns: [own(resource, "LoadBalancerArn")] },
      {
        until: `the load balancer ${resource.spec.Name} is active`,
        holds: ({ LoadBalancers }) => isActive(LoadBalancers?.[0]),
        seconds: 600,
      },
    ),
  ],

  remove: ({ attributes: { LoadBalancerArn } }) => [
    call("elasticloadbalancing", "DeleteLoadBalancer", { LoadBalancerArn }),
  ],
};

/** @throws Error when it can never become active */
function isActive(one: LoadBalancer | undefined): boolean {
  if (one?.State?.Code === "failed") throw new Error(`AWS could not set up the load balancer: ${one.State.Reason}`);
  return one?.State?.Code === "active";
}

/** The last part of the ARN is how CloudWatch and Auto Scaling know it: `app/NAME/ID`. */
const known = ({ LoadBalancerArn = "", DNSName = "" }: LoadBalancer = {}) => ({
  LoadBalancerArn,
  DNSName,
  ResourceLabel: LoadBalancerArn.split(":loadbalancer/")[1] ?? "",
});
