import type { DescribeLoadBalancersCommandOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { attributes, own, type Kind } from "../resource.ts";
import { call, wait } from "../step.ts";
import { tagList } from "../tags.ts";

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

  create: (resource) => {
    const { Attributes, ...input } = resource.spec;
    const LoadBalancerArn = own(resource, "LoadBalancerArn");
    return [
      call(
        "elasticloadbalancing",
        "CreateLoadBalancer",
        { ...input, Type: "application", Scheme: "internet-facing", Tags: tagList(resource.tags) },
        {
          gives: ({ LoadBalancers }) => {
            const found = attributes(LoadBalancers?.[0], "LoadBalancerArn", "DNSName");
            return { ...found, ResourceLabel: resourceLabel(found["LoadBalancerArn"]!) };
          },
        },
      ),
      call("elasticloadbalancing", "ModifyLoadBalancerAttributes", {
        LoadBalancerArn,
        Attributes: tagList(Attributes),
      }),
      wait(
        "elasticloadbalancing",
        "DescribeLoadBalancers",
        { LoadBalancerArns: [LoadBalancerArn] },
        { until: `the load balancer ${input.Name} is active`, holds: isActive, seconds: 600 },
      ),
    ];
  },
};

function isActive({ LoadBalancers }: DescribeLoadBalancersCommandOutput): boolean {
  const state = LoadBalancers?.[0]?.State;
  if (state?.Code === "failed") throw new Error(`AWS could not set up the load balancer: ${state.Reason}`);
  return state?.Code === "active";
}

/** The part of a load balancer's ARN by which CloudWatch and Auto Scaling know it: `app/NAME/ID`. */
export const resourceLabel = (arn: string): string => arn.split(":loadbalancer/")[1]!;
