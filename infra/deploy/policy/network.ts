import { besides, operations, owned, tagged, type Grant } from "./grant.ts";

/** Calls that make something of EC2 with its tags. */
const CREATING = [
  ...["ec2:CreateVpc", "ec2:CreateSubnet", "ec2:CreateInternetGateway", "ec2:CreateRouteTable"],
  ...["ec2:CreateSecurityGroup", "ec2:AuthorizeSecurityGroup*", "ec2:CreateVpcEndpoint"],
];
/** What they make. */
const MADE = [
  ...["vpc", "subnet", "internet-gateway", "route-table", "security-group", "security-group-rule", "vpc-endpoint"],
];

/** The network, and the load balancer in it. Ids of EC2 are not chosen: there, tags say what is the environment's. */
export const network: Grant[] = [
  {
    sid: "NetworkMake",
    calls: CREATING,
    on: ({ arn }) => MADE.map((type) => arn("ec2", `${type}/*`)),
    when: tagged,
  },
  {
    sid: "NetworkTagWhileMaking",
    calls: CREATING,
    actions: besides("ec2:CreateTags"),
    on: ({ arn }) => MADE.map((type) => arn("ec2", `${type}/*`)),
    when: (_, calls) => ({ StringEquals: { "ec2:CreateAction": operations(calls) } }),
  },
  {
    // What is made is made in something that exists, and AWS asks for the right to that as well.
    sid: "NetworkChangeOwn",
    calls: [
      ...["ec2:CreateSubnet", "ec2:CreateRoute*", "ec2:CreateSecurityGroup", "ec2:CreateVpcEndpoint"],
      ...["ec2:Associate*", "ec2:Disassociate*", "ec2:Attach*", "ec2:Detach*", "ec2:Authorize*", "ec2:Revoke*"],
      ...["ec2:Modify*", "ec2:Replace*", "ec2:Delete*"],
    ],
    on: ({ arn }) => MADE.map((type) => arn("ec2", `${type}/*`)),
    when: owned,
  },
  {
    // A given VPC does not carry the environment's tag.
    sid: "NetworkUseGiven",
    calls: ["ec2:CreateSecurityGroup"],
    on: ({ arn, network }) => (typeof network === "object" ? [arn("ec2", `vpc/${network.vpc}`)] : []),
  },
  {
    sid: "Balancer",
    calls: ["Create", "Modify", "Set", "Delete"].map((verb) => `elasticloadbalancing:${verb}*`),
    on: ({ arn, prefix }) => balancing(prefix).map((one) => arn("elasticloadbalancing", one)),
  },
  {
    sid: "BalancerTagWhileMaking",
    calls: ["elasticloadbalancing:Create*"],
    actions: besides("elasticloadbalancing:AddTags"),
    on: ({ arn, prefix }) => balancing(prefix).map((one) => arn("elasticloadbalancing", one)),
    when: (_, calls) => ({ StringEquals: { "elasticloadbalancing:CreateAction": operations(calls) } }),
  },
];

/** Listeners and rules have the name of their load balancer in their ARNs. */
const balancing = (prefix: string): string[] => [
  `loadbalancer/app/${prefix}/*`,
  `listener/app/${prefix}/*`,
  `listener-rule/app/${prefix}/*`,
  `targetgroup/${prefix}-*/*`,
];
