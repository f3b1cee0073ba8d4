import { everything, inRegion, type Grant } from "./grant.ts";

/** Calls that need no permission. */
export const FREE = ["sts:GetCallerIdentity"];

/** What is asked of the whole account or region. Nothing of it shows data of the application, or the value of a secret. */
export const reading: Grant[] = [
  {
    // AWS takes no resource for any of these.
    sid: "ReadWhatTakesNoResource",
    calls: [
      ...["ec2:Describe*", "elasticloadbalancing:Describe*", "application-autoscaling:Describe*"],
      ...["ecs:ListTaskDefinition*", "ecs:DescribeTaskDefinition", "ecr:GetAuthorizationToken"],
      ...["secretsmanager:ListSecrets", "servicediscovery:Get*", "servicediscovery:List*", "tag:GetResources"],
    ],
    on: everything,
    when: inRegion,
  },
  {
    // As above, but IAM has no region.
    sid: "ReadNamesOfRoles",
    calls: ["iam:ListRoles"],
    on: everything,
  },
  {
    // These list before names are known, and AWS then asks for the right to all of that type.
    sid: "ReadListsOfTheRegion",
    calls: [
      ...["rds:Describe*", "rds:ListTagsForResource", "cloudwatch:DescribeAlarms", "logs:Describe*"],
      ...["ecr:DescribeRepositories", "acm:DescribeCertificate"],
    ],
    on: ({ arn }) => [
      arn("rds", "*"),
      arn("cloudwatch", "alarm:*"),
      arn("logs", "log-group:*"),
      arn("ecr", "repository/*"),
      arn("acm", "certificate/*"),
    ],
  },
  {
    // AWS takes no resource here, but the cluster as a condition.
    sid: "ReadListsOfTheCluster",
    calls: ["ecs:ListServices", "ecs:ListTasks"],
    on: everything,
    when: ({ arn, prefix }) => ({ ArnLike: { "ecs:cluster": arn("ecs", `cluster/${prefix}`) } }),
  },
];
