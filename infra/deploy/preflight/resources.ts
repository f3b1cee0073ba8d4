/**
 * What AWS asks of single resources and of several together. Settings cannot break it, a change of what is wanted can:
 * whoever makes one learns of it here.
 */
import { unless } from "../../balancer/mistakes.ts";
import type { KindName, SpecOf } from "../kinds/index.ts";
import { referencesIn, type ResourceId } from "../reference.ts";
import type { Resource } from "../resource.ts";
import { sizeMistakes } from "./fargate.ts";

type Check<K extends KindName> = (spec: SpecOf<K>, all: readonly Resource[], id: ResourceId) => string[];

const ofKind = (all: readonly Resource[], kind: KindName): Resource[] => all.filter((one) => one.kind === kind);

const checks: { [K in KindName]?: Check<K> } = {
  "task-definition": ({
    networkMode,
    requiresCompatibilities,
    executionRoleArn,
    cpu,
    memory,
    containerDefinitions,
  }) => [
    ...unless(networkMode === "awsvpc", `Fargate knows only the network mode awsvpc, not ${networkMode}`),
    ...unless(requiresCompatibilities?.includes("FARGATE") ?? false, "it is not made for Fargate"),
    ...unless(Boolean(executionRoleArn), "without an execution role nobody can fetch its image and secrets"),
    ...sizeMistakes(Number(cpu), Number(memory)),
    ...containerDefinitions.flatMap(({ name = "", healthCheck: { interval = 30, timeout = 5 } = {} }) =>
      unless(timeout < interval, `the health check of container ${name} takes longer than its interval`),
    ),
  ],

  "load-balancer": ({ Subnets }) =>
    unless(new Set(Subnets).size >= 2, "a load balancer needs two subnets, in different zones"),

  "db-subnet-group": ({ SubnetIds }) =>
    unless(new Set(SubnetIds).size >= 2, "a database needs two subnets, in different zones"),

  listener: ({ Protocol, Certificates = [] }) =>
    unless(Protocol !== "HTTPS" || Certificates.length > 0, "HTTPS needs a certificate"),

  "target-group": (spec, all, id) => [
    ...unless(spec.TargetType === "ip", `tasks on Fargate are targets of type ip, not ${spec.TargetType}`),
    ...unless(
      (spec.HealthCheckTimeoutSeconds ?? 5) < (spec.HealthCheckIntervalSeconds ?? 30),
      "its health check takes longer than its interval",
    ),
    ...unless(
      [...ofKind(all, "listener"), ...ofKind(all, "listener-rule")].some((one) => refersTo(one, id)),
      "no listener and no rule leads to it, and ECS refuses a service with such a target group",
    ),
  ],

  "listener-rule": ({ ListenerArn, Priority }, all, id) => {
    const others = ofKind(all, "listener-rule").filter((one) => one.id !== id);
    const same = others.filter(({ spec }) => {
      const other = spec as SpecOf<"listener-rule">;
      return other.ListenerArn === ListenerArn && other.Priority === Priority;
    });
    return unless(
      same.length === 0,
      `its priority ${Priority} is also that of ${same.map((one) => one.id).join(", ")}`,
    );
  },
};

/** What is wrong with wanted resources, each with the resource's id before it. */
export function resourceMistakes(all: readonly Resource[]): string[] {
  return all.flatMap((resource) => {
    const own: Check<never> | undefined = checks[resource.kind as KindName];
    return (own?.(resource.spec, all, resource.id) ?? []).map((mistake) => `${resource.id}: ${mistake}`);
  });
}

const refersTo = ({ spec }: Resource, id: ResourceId): boolean => referencesIn(spec).some((one) => one.id === id);
