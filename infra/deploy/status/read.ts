import type { Deployment, Service, ServiceEvent } from "@aws-sdk/client-ecs";
import { forum } from "../../forum.ts";
import { shortOf } from "../arn.ts";
import { orNone, type Ask } from "../ask.ts";
import { blueprint, nameOf } from "../desired/blueprint.ts";
import type { Environment } from "../environment.ts";
import { readRules, type RuleStatus } from "./rules.ts";

export interface Target {
  address: string;
  health: string;
  /** Why it is not healthy, as the load balancer says. */
  reason: string | undefined;
}

/** What ECS calls a deployment of a service. */
export interface RollOut {
  /** `FAMILY:REVISION`. */
  taskDefinition: string;
  /** COMPLETED, IN_PROGRESS or FAILED. */
  state: string;
  desired: number;
  running: number;
  /** Tasks that have failed since it began, or since one was healthy. */
  failed: number;
  reason: string;
}

export interface ServiceStatus {
  name: string;
  /** `FAMILY:REVISION`. */
  taskDefinition: string;
  image: string;
  desired: number;
  running: number;
  pending: number;
  /** The one that counts stands first; others are being replaced. */
  rollouts: RollOut[];
  targets: Target[];
  /** Addresses that Cloud Map answers with. */
  instances: string[];
  events: string[];
}

export interface Status {
  environment: string;
  url: string | undefined;
  rules: RuleStatus[];
  services: ServiceStatus[];
}

/** Events of ECS that are told. */
const EVENTS = 3;

/** How the environment is right now. */
export async function readStatus(ask: Ask, environment: Environment): Promise<Status> {
  const plan = blueprint(forum, environment);
  const cluster = nameOf(plan);
  const names = plan.services.map(({ name }) => nameOf(plan, name));
  const [balancers, rules, described] = await Promise.all([
    ask("elasticloadbalancing", "DescribeLoadBalancers", {}),
    readRules(ask, environment),
    orNone(ask("ecs", "DescribeServices", { cluster, services: names }), "ClusterNotFoundException"),
  ]);
  const balancer = balancers
    .flatMap(({ LoadBalancers }) => LoadBalancers ?? [])
    .find(({ LoadBalancerName }) => LoadBalancerName === cluster);
  const services = described.flatMap(({ services }) => services ?? []).filter(({ status }) => status !== "INACTIVE");
  return {
    environment: environment.name,
    url: balancer && `${environment.certificate ? "https" : "http"}://${balancer.DNSName}/`,
    rules,
    services: await Promise.all(services.map((service) => readService(ask, service, cluster))),
  };
}

async function readService(ask: Ask, service: Service, cluster: string): Promise<ServiceStatus> {
  const { serviceName = "", taskDefinition = "", loadBalancers = [], serviceRegistries = [], events = [] } = service;
  const [definitions, targets, instances] = await Promise.all([
    ask("ecs", "DescribeTaskDefinition", { taskDefinition }),
    Promise.all(loadBalancers.map(({ targetGroupArn }) => readTargets(ask, targetGroupArn))),
    Promise.all(serviceRegistries.map(({ registryArn = "" }) => readInstances(ask, registryArn))),
  ]);
  return {
    name: serviceName.slice(cluster.length + 1),
    taskDefinition: shortOf(taskDefinition),
    image: definitions[0]?.taskDefinition?.containerDefinitions?.[0]?.image ?? "",
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    rollouts: (service.deployments ?? []).toSorted(primaryFirst).map(rollOutOf),
    targets: targets.flat(),
    instances: instances.flat(),
    events: events.slice(0, EVENTS).map((event) => eventText(event, serviceName)),
  };
}

const primaryFirst = (one: Deployment, other: Deployment): number =>
  Number(other.status === "PRIMARY") - Number(one.status === "PRIMARY");

const rollOutOf = (one: Deployment): RollOut => ({
  taskDefinition: shortOf(one.taskDefinition ?? ""),
  state: one.rolloutState ?? "unknown",
  desired: one.desiredCount ?? 0,
  running: one.runningCount ?? 0,
  failed: one.failedTasks ?? 0,
  reason: one.rolloutStateReason ?? "",
});

/** Every message begins with the name of the service, under which it stands. */
const eventText = ({ createdAt, message = "" }: ServiceEvent, serviceName: string): string =>
  `${createdAt?.toISOString()} ${message.replace(`(service ${serviceName}) `, "")}`;

/** The targets of a group with their health. */
export async function readTargets(ask: Ask, TargetGroupArn: string | undefined): Promise<Target[]> {
  const answers = await ask("elasticloadbalancing", "DescribeTargetHealth", { TargetGroupArn });
  return answers
    .flatMap(({ TargetHealthDescriptions }) => TargetHealthDescriptions ?? [])
    .map(({ Target, TargetHealth }) => {
      const reason = TargetHealth?.Description ?? TargetHealth?.Reason;
      return { address: Target?.Id ?? "", health: TargetHealth?.State ?? "unknown", reason };
    });
}

async function readInstances(ask: Ask, registryArn: string): Promise<string[]> {
  const answers = await ask("servicediscovery", "ListInstances", { ServiceId: shortOf(registryArn) });
  return answers
    .flatMap(({ Instances }) => Instances ?? [])
    .map(({ Id = "", Attributes }) => Attributes?.["AWS_INSTANCE_IPV4"] ?? Id);
}
