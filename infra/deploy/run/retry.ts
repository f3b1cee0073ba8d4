import type { ServiceName } from "../aws.ts";

/** Errors of AWS that pass by themselves: which call, which error, and for how many seconds it is tried again. */
interface Passing {
  service: ServiceName;
  operation: RegExp;
  error: RegExp;
  seconds: number;
}

/** Sources: the issue threads that the list of the project's facts names, and AWS's API references. */
const PASSING: Passing[] = [
  // The rule that refers to the target group has just been made.
  {
    service: "ecs",
    operation: /^CreateService$/,
    error: /does not have an associated load balancer/,
    seconds: 120,
  },
  // The old service of the same name is still going.
  { service: "ecs", operation: /^CreateService$/, error: /unable to start .*draining/i, seconds: 600 },
  { service: "ecs", operation: /^CreateCluster$/, error: /unable to assume the service linked role/i, seconds: 120 },
  // IAM takes some seconds until everybody knows a new role.
  {
    service: "ecs",
    operation: /^(RunTask|CreateService|UpdateService|RegisterTaskDefinition)$/,
    error: /unable to assume the role|role is not valid|is not authorized to perform: sts:AssumeRole/i,
    seconds: 120,
  },
  { service: "ecs", operation: /^(Delete|Update)Service$/, error: /while deployments are active/i, seconds: 600 },
  {
    service: "ecs",
    operation: /^DeleteCluster$/,
    error: /Cluster(Contains|Has)|contains (services|tasks)/i,
    seconds: 300,
  },
  // Network interfaces of what has just been deleted linger for up to a quarter of an hour.
  {
    service: "ec2",
    operation: /^(Delete|Detach)/,
    error: /DependencyViolation|InUse|mapped public address/,
    seconds: 1200,
  },
  { service: "elasticloadbalancing", operation: /^DeleteTargetGroup$/, error: /ResourceInUse/, seconds: 120 },
  { service: "servicediscovery", operation: /^Delete/, error: /ResourceInUse/, seconds: 300 },
  { service: "servicediscovery", operation: /^CreateService$/, error: /NamespaceNotFound/, seconds: 60 },
  { service: "rds", operation: /^Delete/, error: /InvalidDB\w+State/, seconds: 1200 },
  { service: "secretsmanager", operation: /^CreateSecret$/, error: /scheduled for deletion/, seconds: 60 },
  {
    service: "application-autoscaling",
    operation: /^RegisterScalableTarget$/,
    error: /ECS service doesn't exist/,
    seconds: 60,
  },
];

/** For how many seconds a call is worth trying again after that error; 0 when it is not. */
export function secondsWorthTrying(service: ServiceName, operation: string, error: Error): number {
  const text = `${error.name}: ${error.message}`;
  const found = PASSING.find((one) => one.service === service && one.operation.test(operation) && one.error.test(text));
  return found?.seconds ?? 0;
}

/** Milliseconds to wait before the nth try: growing, at most 32 s, and a little different each time. */
export const pause = (attempt: number, base = 4000, random = Math.random): number =>
  Math.min(32_000, base * 1.5 ** attempt) * (0.75 + random() / 2);
