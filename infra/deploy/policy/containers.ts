import { and, besides, everything, inRegion, tagged, type Grant } from "./grant.ts";

/** Images, logs, and what runs on ECS with the number of it. */
export const containers: Grant[] = [
  {
    sid: "Images",
    calls: [
      ...["ecr:Create*", "ecr:Delete*", "ecr:Put*", "ecr:GetLifecyclePolicy", "ecr:ListTagsForResource"],
      ...["ecr:DescribeImages", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    ],
    actions: and("ecr:TagResource"),
    on: ({ arn, prefix }) => [arn("ecr", `repository/${prefix}-*`)],
  },
  {
    // What docker does with the token. Source: "IAM permissions for pushing an image" of the ECR user guide.
    sid: "ImagesPush",
    calls: ["ecr:GetAuthorizationToken"],
    actions: besides(
      ...["ecr:BatchCheckLayerAvailability", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart"],
      ...["ecr:CompleteLayerUpload", "ecr:PutImage", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    ),
    on: ({ arn, prefix }) => [arn("ecr", `repository/${prefix}-*`)],
  },
  {
    sid: "Logs",
    calls: ["logs:Create*", "logs:Put*", "logs:Delete*", "logs:FilterLogEvents", "logs:ListTagsForResource"],
    actions: and("logs:TagResource"),
    on: ({ arn, prefix }) => [arn("logs", `log-group:${prefix}-*`)],
  },
  {
    // AWS takes no resource: the name is not looked at.
    sid: "ClusterMake",
    calls: ["ecs:CreateCluster"],
    on: everything,
    when: tagged,
  },
  {
    sid: "Containers",
    calls: [
      ...["ecs:DescribeClusters", "ecs:DeleteCluster", "ecs:PutClusterCapacityProviders", "ecs:ExecuteCommand"],
      ...["ecs:CreateService", "ecs:UpdateService", "ecs:DeleteService", "ecs:DescribeServices"],
      ...["ecs:*ServiceDeployment*", "ecs:*ServiceRevision*", "ecs:RunTask", "ecs:StopTask", "ecs:DescribeTasks"],
      ...["ecs:RegisterTaskDefinition", "ecs:DeleteTaskDefinitions", "ecs:TagResource"],
    ],
    // Since 2024 whoever makes something with tags needs it.
    actions: and("ecs:TagResource"),
    on: ({ arn, prefix }) =>
      [
        `cluster/${prefix}`,
        `service/${prefix}/${prefix}-*`,
        `service-deployment/${prefix}/${prefix}-*`,
        `service-revision/${prefix}/${prefix}-*`,
        `task/${prefix}/*`,
        `task-definition/${prefix}-*:*`,
      ].map((one) => arn("ecs", one)),
  },
  {
    // AWS takes no resource here, although it does where they are registered.
    sid: "TaskDefinitionsDeregister",
    calls: ["ecs:DeregisterTaskDefinition"],
    on: everything,
    when: inRegion,
  },
  {
    // The ids of targets are not known before: AWS looks at `scalable-target/*`, and at these conditions.
    sid: "Scaling",
    calls: ["Register", "Deregister", "Put", "Delete"].map((verb) => `application-autoscaling:${verb}*`),
    on: ({ arn }) => [arn("application-autoscaling", "scalable-target/*")],
    when: () => ({
      StringEquals: {
        "application-autoscaling:service-namespace": "ecs",
        "application-autoscaling:scalable-dimension": "ecs:service:DesiredCount",
      },
    }),
  },
  {
    sid: "ScalingTagWhileMaking",
    calls: ["application-autoscaling:RegisterScalableTarget"],
    actions: besides("application-autoscaling:TagResource"),
    on: ({ arn }) => [arn("application-autoscaling", "scalable-target/*")],
    when: tagged,
  },
  {
    sid: "Alarms",
    calls: ["cloudwatch:Put*", "cloudwatch:Delete*", "cloudwatch:ListTagsForResource"],
    actions: and("cloudwatch:TagResource"),
    on: ({ arn, prefix }) => [arn("cloudwatch", `alarm:${prefix}-*`)],
  },
  {
    // Target tracking makes alarms in the name of whoever makes the policy. Source: the Application Auto Scaling user guide.
    sid: "AlarmsOfScaling",
    calls: ["application-autoscaling:PutScalingPolicy"],
    actions: besides("cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms"),
    on: ({ arn, prefix }) => [arn("cloudwatch", `alarm:TargetTracking-service/${prefix}/*`)],
  },
];
