import type { Deployment, Service } from "@aws-sdk/client-ecs";
import { forum } from "../../forum.ts";
import { orNone, type Ask } from "../ask.ts";
import { blueprint, nameOf } from "../desired/blueprint.ts";
import type { Environment } from "../environment.ts";
import { listenersOf } from "../kinds/load-balancing.ts";
import { scopeOf } from "../scope.ts";

export interface Target {
  address: string;
  health: string;
  /** Why it is not healthy, as the load balancer says. */
  reason: string | undefined;
}

export interface ServiceStatus {
  name: string;
  /** `FAMILY:REVISION`. */
  taskDefinition: string;
  image: string;
  desired: number;
  running: number;
  pending: number;
  rollout: string;
  targets: Target[];
  /** Addresses that Cloud Map answers with. */
  instances: string[];
  events: string[];
}

export interface RuleStatus {
  priority: string;
  paths: string[];
  /** Weights by target group. */
  weights: Record<string, number>;
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
    taskDefinition: taskDefinition.split("/").at(-1) ?? "",
    image: definitions[0]?.taskDefinition?.containerDefinitions?.[0]?.image ?? "",
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    rollout: service.deployments?.map(rolloutOf).join("; ") ?? "",
    targets: targets.flat(),
    instances: instances.flat(),
    events: events.slice(0, EVENTS).map(({ createdAt, message }) => `${createdAt?.toISOString()} ${message}`),
  };
}

const rolloutOf = ({ status, rolloutState, rolloutStateReason }: Deployment): string =>
  [status, rolloutState, rolloutStateReason && `(${rolloutStateReason})`].filter(Boolean).join(" ");

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
  const answers = await ask("servicediscovery", "ListInstances", { ServiceId: registryArn.split("/").at(-1) });
  return answers
    .flatMap(({ Instances }) => Instances ?? [])
    .map(({ Id = "", Attributes }) => Attributes?.["AWS_INSTANCE_IPV4"] ?? Id);
}

async function readRules(ask: Ask, environment: Environment): Promise<RuleStatus[]> {
  const scope = scopeOf(blueprint(forum, environment));
  const listeners = await listenersOf(ask, scope);
  const answers = await Promise.all(
    listeners.map(({ ListenerArn }) => ask("elasticloadbalancing", "DescribeRules", { ListenerArn })),
  );
  const nameOfGroup = (arn = "") => arn.split("/")[1]?.slice(scope.prefix.length + 1) ?? arn;
  return answers
    .flat()
    .flatMap(({ Rules }) => Rules ?? [])
    .map(({ Priority = "", Conditions = [], Actions = [] }) => ({
      priority: Priority,
      paths: Conditions.flatMap(({ PathPatternConfig }) => PathPatternConfig?.Values ?? []),
      weights: Object.fromEntries(
        Actions.flatMap(({ ForwardConfig }) => ForwardConfig?.TargetGroups ?? []).map(
          ({ TargetGroupArn, Weight = 1 }) => [nameOfGroup(TargetGroupArn), Weight],
        ),
      ),
    }))
    .toSorted((one, other) => order(one) - order(other));
}

/** The default action is asked last. */
const order = ({ priority }: RuleStatus): number => (priority === "default" ? Infinity : Number(priority));
