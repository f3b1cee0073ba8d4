import { and, besides, everything, owned, tagged, type Grant } from "./grant.ts";

/** The database, secrets, names in the DNS, and roles. */
export const data: Grant[] = [
  {
    sid: "Database",
    calls: ["rds:Create*", "rds:Modify*", "rds:Delete*"],
    actions: and("rds:AddTagsToResource"),
    on: ({ arn, prefix }) =>
      [
        ...[`cluster:${prefix}`, `cluster-pg:${prefix}`, `subgrp:${prefix}`, `db:${prefix}-*`],
        // An instance takes those that AWS keeps ready.
        ...["pg:default.*", "og:default:*"],
      ].map((one) => arn("rds", one)),
  },
  {
    // RDS makes the secret in the name of whoever makes the cluster. Source: "Password management" of the Aurora user guide.
    sid: "DatabaseAdministrator",
    calls: ["rds:CreateDBCluster"],
    actions: besides("secretsmanager:CreateSecret", "secretsmanager:TagResource", "kms:DescribeKey"),
    on: ({ arn }) => [arn("secretsmanager", "secret:rds!cluster-*"), arn("kms", "key/*")],
  },
  {
    // Values are written when a secret is made, and never read.
    sid: "Secrets",
    calls: ["Create", "Update", "Delete", "Describe"].map((verb) => `secretsmanager:${verb}*`),
    actions: and("secretsmanager:TagResource"),
    on: ({ arn, prefix }) => [arn("secretsmanager", `secret:${prefix}-*`)],
  },
  {
    // AWS takes no resource for a namespace that does not exist yet.
    sid: "NamesMake",
    calls: ["servicediscovery:Create*"],
    actions: and("servicediscovery:TagResource"),
    on: everything,
    when: tagged,
  },
  {
    sid: "NamesChangeOwn",
    calls: ["servicediscovery:Update*", "servicediscovery:Delete*"],
    on: ({ arn }) => [arn("servicediscovery", "namespace/*"), arn("servicediscovery", "service/*")],
    when: owned,
  },
  {
    // Cloud Map and VPC endpoints keep their names in Route 53, in the name of whoever makes them. The zone of a namespace
    // has no id before, and no tag. Source: "API permissions" of the Cloud Map developer guide.
    sid: "NamesInRoute53",
    calls: ["servicediscovery:CreatePrivateDnsNamespace", "servicediscovery:DeleteNamespace", "ec2:CreateVpcEndpoint"],
    actions: besides(
      ...["route53:CreateHostedZone", "route53:GetHostedZone", "route53:ListHostedZonesByName"],
      ...["route53:DeleteHostedZone", "route53:AssociateVPCWithHostedZone", "ec2:DescribeRegions"],
    ),
    on: everything,
  },
  {
    sid: "Roles",
    calls: ["iam:GetRole*", "iam:CreateRole", "iam:Update*", "iam:Put*", "iam:Delete*"],
    actions: and("iam:TagRole"),
    on: ({ iam, rolePath }) => [iam(`role${rolePath}*`)],
  },
  {
    // ECS takes on these roles in the tasks; nothing else may get them.
    sid: "RolesPassToTasks",
    calls: ["ecs:RegisterTaskDefinition", "ecs:RunTask", "ecs:CreateService", "ecs:UpdateService"],
    actions: besides("iam:PassRole"),
    on: ({ iam, rolePath }) => [iam(`role${rolePath}*`)],
    when: () => ({ StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } }),
  },
  {
    // Whoever is the first in an account to use these services makes their roles.
    sid: "RolesOfServices",
    calls: [
      ...["iam:CreateServiceLinkedRole", "ecs:CreateService", "elasticloadbalancing:CreateLoadBalancer"],
      ...["rds:CreateDBCluster", "application-autoscaling:RegisterScalableTarget"],
    ],
    actions: besides("iam:CreateServiceLinkedRole"),
    on: ({ iam }) => [iam("role/aws-service-role/*")],
    when: () => ({
      StringEquals: {
        "iam:AWSServiceName": ["ecs", "elasticloadbalancing", "rds", "ecs.application-autoscaling"].map(
          (name) => `${name}.amazonaws.com`,
        ),
      },
    }),
  },
  {
    // To see what is missing before anything is made. A role cannot be restricted to itself; the simulator needs its path.
    sid: "SimulateOwnPermissions",
    calls: ["iam:SimulatePrincipalPolicy", "iam:GetRole"],
    on: ({ iam }) => [iam("user/${aws:username}"), iam("role/*")],
  },
];
