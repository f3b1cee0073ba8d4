/** What only AWS can tell before anything is changed. */
import type { Ask } from "../ask.ts";
import { kindOf } from "../kinds/index.ts";
import type { Environment, GivenNetwork } from "../environment.ts";
import type { FoundOfKind } from "../plan/existing.ts";
import type { SecretSpec } from "../kinds/secret.ts";
import type { Resource } from "../resource.ts";
import { imageProblems } from "./images.ts";

/** The environment with its zones: those that are named, or the first two of the region. */
export async function withZones(ask: Ask, environment: Environment): Promise<Environment> {
  if (environment.zones || typeof environment.network === "object") return environment;
  const Filters = [{ Name: "zone-type", Values: ["availability-zone"] }];
  const answers = await ask("ec2", "DescribeAvailabilityZones", { Filters });
  const names = answers
    .flatMap(({ AvailabilityZones }) => AvailabilityZones ?? [])
    .map(({ ZoneName = "" }) => ZoneName);
  return { ...environment, zones: names.toSorted().slice(0, 2) };
}

/** Every problem that AWS can tell without changing anything. */
export async function onlineProblems(
  ask: Ask,
  environment: Environment,
  wanted: readonly Resource[],
  existing: readonly FoundOfKind[],
): Promise<string[]> {
  const { network, certificate } = environment;
  const all = await Promise.all([
    accountProblems(ask, environment),
    typeof network === "object" ? subnetProblems(ask, network) : [],
    certificate ? certificateProblems(ask, certificate) : [],
    imageProblems(ask, environment),
    secretProblems(ask, wanted),
  ]);
  return [...all.flat(), ...foreignProblems(wanted, existing)];
}

async function accountProblems(ask: Ask, { account }: Environment): Promise<string[]> {
  const [identity] = await ask("sts", "GetCallerIdentity", {});
  if (!account || identity?.Account === account) return [];
  return [`the credentials belong to account ${identity?.Account}, the environment to ${account}`];
}

async function certificateProblems(ask: Ask, CertificateArn: string): Promise<string[]> {
  try {
    const [answer] = await ask("acm", "DescribeCertificate", { CertificateArn });
    const status = answer?.Certificate?.Status;
    return status === "ISSUED" ? [] : [`the certificate is ${status}; a listener takes only one that is ISSUED`];
  } catch (error) {
    if ((error as Error).name !== "ResourceNotFoundException") throw error;
    return [`the certificate ${CertificateArn} does not exist`];
  }
}

/** Around its deletion a name is free within minutes; while somebody may still want the secret back, for weeks it is not. */
const SOON = 600_000;

async function secretProblems(ask: Ask, wanted: readonly Resource[]): Promise<string[]> {
  const names = wanted.filter(({ kind }) => kind === "secret").map(({ spec }) => (spec as SecretSpec).Name);
  const answers = await ask("secretsmanager", "ListSecrets", { IncludePlannedDeletion: true });
  return answers
    .flatMap(({ SecretList }) => SecretList ?? [])
    .filter(({ Name = "", DeletedDate }) => {
      return names.includes(Name) && DeletedDate && Math.abs(DeletedDate.getTime() - Date.now()) > SOON;
    })
    .map(
      ({ Name }) =>
        `the secret ${Name} is going to be deleted, and so long its name cannot be used: aws secretsmanager restore-secret, or delete-secret --force-delete-without-recovery`,
    );
}

async function subnetProblems(ask: Ask, network: GivenNetwork): Promise<string[]> {
  const answers = await ask("ec2", "DescribeSubnets", { Filters: [{ Name: "vpc-id", Values: [network.vpc] }] });
  const zones = new Map(
    answers
      .flatMap(({ Subnets }) => Subnets ?? [])
      .map(({ SubnetId = "", AvailabilityZone }) => [SubnetId, AvailabilityZone]),
  );
  const lists = Object.entries(network).flatMap(([name, ids]) => (Array.isArray(ids) ? [{ name, ids }] : []));
  const missing = lists.flatMap(({ ids }) => ids.filter((id) => !zones.has(id)));
  const narrow = lists.filter(({ ids }) => new Set(ids.map((id) => zones.get(id))).size < 2);
  return [
    ...missing.map((id) => `${id} is not in ${network.vpc}`),
    ...narrow.map(
      ({ name }) => `network.${name}: all subnets are in one zone; a load balancer and a database need two`,
    ),
  ];
}

/** Keys under which a description has the name that must be unique in the account. */
const NAMES = ["GroupName", "repositoryName", "RoleName", "clusterName", "logGroupName", "DBClusterIdentifier"].concat(
  ...["DBInstanceIdentifier", "DBSubnetGroupName", "DBClusterParameterGroupName", "AlarmName", "Name"],
);

/** Wanted resources whose name somebody else's has. */
function foreignProblems(wanted: readonly Resource[], existing: readonly FoundOfKind[]): string[] {
  const foreign = existing.filter(({ found }) => !found.owned);
  return wanted.flatMap(({ kind, spec }) => {
    const name = NAMES.map((key) => (spec as Record<string, unknown>)[key]).find((value) => typeof value === "string");
    return foreign
      .filter((other) => other.kind === kind && other.found.name === name)
      .map(() => `a ${kindOf(kind).title} named ${name as string} exists without the tags of this environment`);
  });
}
