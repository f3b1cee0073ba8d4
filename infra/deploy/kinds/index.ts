/** Every kind of resource, by its name here. */
import type { Kind } from "../resource.ts";
import { alarm } from "./alarm.ts";
import { cluster } from "./cluster.ts";
import { dbCluster } from "./db-cluster.ts";
import { dbInstance } from "./db-instance.ts";
import { dbParameterGroup } from "./db-parameter-group.ts";
import { dbSubnetGroup } from "./db-subnet-group.ts";
import { discoveryService } from "./discovery-service.ts";
import { image } from "./image.ts";
import { internetGateway } from "./internet-gateway.ts";
import { listenerRule } from "./listener-rule.ts";
import { listener } from "./listener.ts";
import { loadBalancer } from "./load-balancer.ts";
import { logGroup } from "./log-group.ts";
import { metricFilter } from "./metric-filter.ts";
import { namespace } from "./namespace.ts";
import { oneOffTask } from "./one-off-task.ts";
import { repository } from "./repository.ts";
import { role } from "./role.ts";
import { routeTable } from "./route-table.ts";
import { scalableTarget } from "./scalable-target.ts";
import { scalingPolicy } from "./scaling-policy.ts";
import { secret } from "./secret.ts";
import { securityGroupRule } from "./security-group-rule.ts";
import { securityGroup } from "./security-group.ts";
import { service } from "./service.ts";
import { subnet } from "./subnet.ts";
import { targetGroup } from "./target-group.ts";
import { taskDefinition } from "./task-definition.ts";
import { vpcEndpoint } from "./vpc-endpoint.ts";
import { vpc } from "./vpc.ts";

export const kinds = {
  vpc,
  "internet-gateway": internetGateway,
  subnet,
  "route-table": routeTable,
  "security-group": securityGroup,
  "security-group-rule": securityGroupRule,
  "vpc-endpoint": vpcEndpoint,
  "load-balancer": loadBalancer,
  "target-group": targetGroup,
  listener,
  "listener-rule": listenerRule,
  repository,
  image,
  "log-group": logGroup,
  "metric-filter": metricFilter,
  role,
  secret,
  "db-subnet-group": dbSubnetGroup,
  "db-parameter-group": dbParameterGroup,
  "db-cluster": dbCluster,
  "db-instance": dbInstance,
  namespace,
  "discovery-service": discoveryService,
  cluster,
  "task-definition": taskDefinition,
  "one-off-task": oneOffTask,
  service,
  "scalable-target": scalableTarget,
  "scaling-policy": scalingPolicy,
  alarm,
};

export type KindName = keyof typeof kinds;

/** What a resource of that kind is described by. */
export type SpecOf<K extends KindName> = (typeof kinds)[K] extends Kind<infer Spec> ? Spec : never;

/** A kind by its name, for code that treats all of them alike. */
export const kindOf = (name: string): Kind<unknown> => kinds[name as KindName] as unknown as Kind<unknown>;
