/** The AWS services that are called, by the prefix that their actions have in IAM policies, with their types. */
import type { ACM } from "@aws-sdk/client-acm";
import type { ApplicationAutoScaling } from "@aws-sdk/client-application-auto-scaling";
import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { EC2 } from "@aws-sdk/client-ec2";
import type { ECR } from "@aws-sdk/client-ecr";
import type { ECS } from "@aws-sdk/client-ecs";
import type { ElasticLoadBalancingV2 } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { IAM } from "@aws-sdk/client-iam";
import type { RDS } from "@aws-sdk/client-rds";
import type { ResourceGroupsTaggingAPI } from "@aws-sdk/client-resource-groups-tagging-api";
import type { SecretsManager } from "@aws-sdk/client-secrets-manager";
import type { STS } from "@aws-sdk/client-sts";
import type { ServiceDiscovery } from "@aws-sdk/client-servicediscovery";

export interface Services {
  acm: ACM;
  "application-autoscaling": ApplicationAutoScaling;
  cloudwatch: CloudWatch;
  ec2: EC2;
  ecr: ECR;
  ecs: ECS;
  elasticloadbalancing: ElasticLoadBalancingV2;
  iam: IAM;
  logs: CloudWatchLogs;
  rds: RDS;
  secretsmanager: SecretsManager;
  servicediscovery: ServiceDiscovery;
  sts: STS;
  tag: ResourceGroupsTaggingAPI;
}

export type ServiceName = keyof Services;

/** An operation's method, in the last of its overloads: with options and a callback. */
// oxlint-disable-next-line typescript/no-explicit-any -- only says which of the methods are operations
type Method = (args: any, options: any, callback: (error: any, output?: any) => void) => void;

/** The operations of a service, written as AWS does: `CreateVpc`. */
export type Operation<S extends ServiceName> = {
  [Name in keyof Services[S] & string]: Services[S][Name] extends Method ? Capitalize<Name> : never;
}[keyof Services[S] & string];

type ParametersOf<S extends ServiceName, O extends string> =
  Uncapitalize<O> extends keyof Services[S]
    ? Services[S][Uncapitalize<O>] extends (...args: infer All) => void
      ? All
      : never
    : never;

/** What an operation takes. */
export type Input<S extends ServiceName, O extends string> = ParametersOf<S, O>[0];

/** What an operation answers: the data that its callback gets. */
export type Output<S extends ServiceName, O extends string> = ParametersOf<S, O>[2] extends (
  error: never,
  output?: infer Out,
) => void
  ? NonNullable<Out>
  : never;
