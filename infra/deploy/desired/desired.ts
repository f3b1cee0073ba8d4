import type { Application } from "../../forum.ts";
import type { Contents } from "../content.ts";
import type { Environment } from "../environment.ts";
import type { Resource } from "../resource.ts";
import { alarms, balancerAlarm } from "./alarms.ts";
import { balancer } from "./balancer.ts";
import { blueprint, nameOf, resource } from "./blueprint.ts";
import { database } from "./database.ts";
import { network } from "./network.ts";
import { scaling } from "./scaling.ts";
import { secrets } from "./secrets.ts";
import { security } from "./security.ts";
import { serviceResources } from "./service.ts";
import { databasesTask } from "./tasks.ts";

/**
 * Every resource that an environment of the application should have. Pure: the same arguments give the same answer, and
 * nothing is asked of AWS. What only AWS knows stands in it as references.
 * @param contents tags of the images that are built; without it they are not known
 */
export function desired(application: Application, environment: Environment, contents: Contents = {}): Resource[] {
  const plan = blueprint(application, environment, contents);
  const where = network(plan);
  const doors = security(plan, where.vpc);
  return [
    ...where.resources,
    ...doors,
    ...balancer(plan, where),
    ...database(plan, where),
    ...secrets(plan),
    resource(plan, "namespace", "main", {
      Name: application.namespace,
      Vpc: where.vpc,
      Description: `names of the services of ${nameOf(plan)}`,
    }),
    resource(plan, "cluster", "main", {
      clusterName: nameOf(plan),
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
    }),
    ...databasesTask(
      plan,
      where,
      doors.filter(({ kind }) => kind === "security-group-rule").map(({ id }) => id),
    ),
    ...plan.services.flatMap((service) => serviceResources(plan, service, where)),
    ...plan.services.flatMap((service) => scaling(plan, service)),
    ...plan.services.flatMap((service) => alarms(plan, service)),
    balancerAlarm(plan),
  ];
}
