/** What the wanted resources cost a month, as far as they cost something while nobody uses them. */
import type { KindName, SpecOf } from "./kinds/index.ts";
import { prices } from "./prices.ts";
import type { ResourceId } from "./reference.ts";
import type { Resource } from "./resource.ts";

export interface Cost {
  id: ResourceId;
  /** How the sum comes about. */
  what: string;
  /** US dollars a month. */
  monthly: number;
}

/** What comes on top, by use. */
export const BY_USE = [
  `load balancer capacity units beyond the first ($${prices.loadBalancer.capacityUnit}/h each)`,
  `logs ($${prices.cloudwatch.logs}/GB), database storage ($${prices.aurora.storage}/GB), images ($${prices.imageStorage}/GB)`,
  "tasks and Aurora capacity above the minimum, traffic to the internet",
];

/** The costs of the resources that cost something, the dearest first. */
export const costsOf = (resources: readonly Resource[]): Cost[] =>
  resources
    .flatMap((resource) =>
      costOf(resource, resources).map((cost) => ({ id: resource.id, what: cost.what, monthly: cost.monthly })),
    )
    .toSorted((one, other) => other.monthly - one.monthly);

/** US dollars a month for all of it. */
export const sum = (costs: readonly Cost[]): number => costs.reduce((total, { monthly }) => total + monthly, 0);

type Line = Omit<Cost, "id">;

const hourly = (price: number): number => price * prices.hoursPerMonth;

/** How each kind that costs something is counted. */
const counters: { [K in KindName]?: (spec: SpecOf<K>, all: readonly Resource[]) => Line[] } = {
  service: serviceCost,

  "load-balancer": ({ Subnets }) => [
    {
      what: "per hour, with one capacity unit",
      monthly: hourly(prices.loadBalancer.hour + prices.loadBalancer.capacityUnit),
    },
    { what: `${Subnets.length} public addresses`, monthly: Subnets.length * hourly(prices.publicAddress) },
  ],

  "db-cluster": ({ ServerlessV2ScalingConfiguration: { MinCapacity = 0 } = {} }, all) => {
    // Tasks that ask the database whether it answers keep it awake at the smallest size.
    const units = Math.max(MinCapacity, 0.5);
    const note = MinCapacity === 0 ? pauseNote(all) : "";
    return [{ what: `${units} capacity units${note}`, monthly: units * hourly(prices.aurora.capacityUnit) }];
  },

  "vpc-endpoint": ({ SubnetIds = [] }) =>
    SubnetIds.length === 0
      ? []
      : [{ what: `${SubnetIds.length} zones`, monthly: SubnetIds.length * hourly(prices.endpoint) }],

  secret: () => [{ what: "one secret", monthly: prices.secret }],
  alarm: () => [{ what: "one alarm", monthly: prices.cloudwatch.alarm }],
  "metric-filter": () => [{ what: "one metric", monthly: prices.cloudwatch.metric }],
  namespace: () => [{ what: "one private hosted zone", monthly: prices.hostedZone }],
};

function costOf({ kind, spec }: Resource, all: readonly Resource[]): Line[] {
  const counter = counters[kind as KindName] as ((spec: unknown, all: readonly Resource[]) => Line[]) | undefined;
  return counter?.(spec, all) ?? [];
}

/** Aurora checks the health of replication all the time, and so never pauses while it is on. */
function pauseNote(all: readonly Resource[]): string {
  const group = all.find(({ kind }) => kind === "db-parameter-group")?.spec as SpecOf<"db-parameter-group"> | undefined;
  return group?.parameters["rds.logical_replication"] === "1"
    ? "; never paused while logical replication is on"
    : "; nothing while paused";
}

function serviceCost(spec: SpecOf<"service">, all: readonly Resource[]): Line[] {
  const definition = all.find(({ id }) => spec.taskDefinition?.includes(`{${id}.`))?.spec as SpecOf<"task-definition">;
  const vcpu = Number(definition.cpu) / 1024;
  const gib = Number(definition.memory) / 1024;
  const architecture = definition.runtimePlatform?.cpuArchitecture === "ARM64" ? "ARM64" : "X86_64";
  const price = prices.fargate[architecture];
  const tasks = spec.desiredCount ?? 0;
  const spot = (tasks - 1) * spotShareOf(spec);
  const full = tasks - spot + spot * prices.spotShare;
  const hasAddress = spec.networkConfiguration?.awsvpcConfiguration?.assignPublicIp === "ENABLED";
  return [
    {
      what: `${tasks} tasks of ${vcpu} vCPU, ${gib} GiB, ${architecture}${spot > 0 ? `, ${spot.toFixed(1)} on Spot` : ""}`,
      monthly: full * hourly(vcpu * price.vcpu + gib * price.gib),
    },
    ...(hasAddress ? [{ what: `${tasks} public addresses`, monthly: tasks * hourly(prices.publicAddress) }] : []),
  ];
}

const spotShareOf = ({ capacityProviderStrategy = [] }: SpecOf<"service">): number => {
  const weight = (name: string) => capacityProviderStrategy.find((one) => one.capacityProvider === name)?.weight ?? 0;
  return weight("FARGATE_SPOT") / (weight("FARGATE") + weight("FARGATE_SPOT"));
};
