import { hostOf, type Service } from "../../forum.ts";
import type { ServiceSpec } from "../kinds/service.ts";
import type { ResourceId } from "../reference.ts";
import type { Resource } from "../resource.ts";
import { nameOf, refTo, resource, type Blueprint } from "./blueprint.ts";
import { definition, logGroup, sizeOf } from "./container.ts";
import { imageAndRepository } from "./image.ts";
import type { Network } from "./network.ts";
import { executionRoleOf, taskRoleOf } from "./roles.ts";
import { secretVariables } from "./secrets.ts";
import { awsvpc, migration } from "./tasks.ts";

/** Seconds for which an address of Cloud Map may be remembered: short, for tasks come and go. */
const DNS_TTL = 5;
/** Seconds in which failed health checks of a starting task do not count. */
const GRACE = 60;

/** One service: from its repository to the service itself. */
export function serviceResources(plan: Blueprint, service: Service, network: Network): Resource[] {
  const { name } = service;
  const secrets = secretVariables(service);
  return [
    ...imageAndRepository(plan, name),
    logGroup(plan, name),
    executionRoleOf(
      plan,
      name,
      name,
      secrets.map(({ valueFrom }) => valueFrom),
    ),
    taskRoleOf(plan, name),
    resource(plan, "discovery-service", name, {
      Name: name,
      NamespaceId: refTo("namespace", "main", "NamespaceId"),
      DnsConfig: { DnsRecords: [{ Type: "A", TTL: DNS_TTL }], RoutingPolicy: "MULTIVALUE" },
    }),
    definition(plan, name, {
      portMappings: [{ containerPort: plan.application.port, protocol: "tcp" }],
      environment: variables(plan, service),
      secrets,
      healthCheck: {
        command: ["CMD", "node", "dist/healthcheck.js"],
        interval: 5,
        timeout: 3,
        retries: 3,
        startPeriod: 30,
      },
    }),
    migration(plan, name, network),
    resource(plan, "service", name, spec(plan, name, network), afterOf(plan, service)),
  ];
}

/** What a container is told that is no secret. */
function variables(
  { application, environment, services }: Blueprint,
  service: Service,
): { name: string; value: string }[] {
  const peers = services.filter(({ name }) => service.calls.includes(name));
  const values = {
    // The load balancer is the only one in front.
    TRUSTED_PROXIES: "1",
    // A task of its own does it, before new tasks get traffic.
    MIGRATE_ON_START: "false",
    PORT: String(application.port),
    METRICS_PORT: String(application.metricsPort),
    ...(service.name !== application.defaultService && { FIRST_OWNER: environment.firstOwner }),
    ...Object.fromEntries(
      peers.map((peer) => [`${peer.name.toUpperCase()}_URL`, `http://${hostOf(peer)}:${application.port}`]),
    ),
  };
  return Object.entries(values)
    .map(([name, value]) => ({ name, value }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function spec(plan: Blueprint, name: string, network: Network): ServiceSpec {
  const { application, environment } = plan;
  return {
    cluster: nameOf(plan),
    serviceName: nameOf(plan, name),
    taskDefinition: refTo("task-definition", name, "taskDefinitionArn"),
    desiredCount: sizeOf(application, environment, name).minimum,
    capacityProviderStrategy: capacity(environment.spot),
    platformVersion: "LATEST",
    deploymentConfiguration: {
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
    },
    availabilityZoneRebalancing: "ENABLED",
    networkConfiguration: awsvpc(network),
    loadBalancers: [
      {
        targetGroupArn: refTo("target-group", name, "TargetGroupArn"),
        containerName: name,
        containerPort: application.port,
      },
    ],
    serviceRegistries: [{ registryArn: refTo("discovery-service", name, "Arn") }],
    healthCheckGracePeriodSeconds: GRACE,
    enableExecuteCommand: environment.exec,
    enableECSManagedTags: true,
    propagateTags: "SERVICE",
  };
}

/** The first task never runs on Spot, so that an empty Spot market leaves the service alive. */
const capacity = (spot: number) => [
  { capacityProvider: "FARGATE", base: 1, weight: Math.round((1 - spot) * 100) },
  ...(spot > 0 ? [{ capacityProvider: "FARGATE_SPOT", weight: Math.round(spot * 100) }] : []),
];

/** ECS refuses a service whose target group no listener or rule refers to. */
function afterOf({ environment }: Blueprint, { name, paths }: Service): ResourceId[] {
  const listener: ResourceId = environment.certificate ? "listener/https" : "listener/http";
  return ["cluster/main", `one-off-task/migrate-${name}`, paths.length > 0 ? `listener-rule/${name}` : listener];
}
