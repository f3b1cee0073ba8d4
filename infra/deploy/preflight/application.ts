import { ruleMistakes } from "../../balancer/limits.ts";
import { isWithin, repeated, unless } from "../../balancer/mistakes.ts";
import type { Application, Service } from "../../forum.ts";
import { blueprint } from "../desired/blueprint.ts";
import { ruleTable } from "../desired/balancer.ts";
import type { Environment } from "../environment.ts";

/** Seconds for which Fargate waits between SIGTERM and SIGKILL at most. */
const MOST_STOP_TIMEOUT = 120;

/** What is wrong with the table of the application, in the eyes of AWS. */
export function applicationMistakes(application: Application, environment: Environment): string[] {
  const { services, defaultService, healthCheck, stopTimeout, port } = application;
  const names = services.map(({ name }) => name);
  const hasDefault = names.includes(defaultService);
  return [
    ...unless(hasDefault, `defaultService "${defaultService}" is no service`),
    ...repeated(names).map((name) => `two services are called "${name}"`),
    ...repeated(services.map(({ database }) => database)).map((name) => `two services have the database "${name}"`),
    ...unless(!names.includes("tasks"), `"tasks" is the name of the one-off tasks; call the service otherwise`),
    ...services.flatMap((service) => serviceMistakes(service, names, defaultService)),
    ...healthCheckMistakes(healthCheck),
    ...unless(isWithin(port, 1, 65_535), `port ${port} is not from 1 to 65535`),
    ...unless(
      isWithin(stopTimeout, 2, MOST_STOP_TIMEOUT),
      `stopTimeout must be 2 to ${MOST_STOP_TIMEOUT} seconds on Fargate`,
    ),
    ...(hasDefault ? ruleMistakes(ruleTable(blueprint(application, environment))) : []),
  ];
}

function serviceMistakes({ name, calls, paths }: Service, names: string[], defaultService: string): string[] {
  const unknown = calls.filter((called) => !names.includes(called));
  return unless(
    paths.length > 0 || name === defaultService,
    `${name} has no paths and is not the default: its target group would hang on no rule`,
  ).concat(unknown.map((called) => `${name} calls "${called}", which is no service`));
}

function healthCheckMistakes({ interval, timeout, healthy, unhealthy, path }: Application["healthCheck"]): string[] {
  return [
    ...unless(isWithin(interval, 5, 300), `healthCheck.interval ${interval} is not from 5 to 300 seconds`),
    ...unless(isWithin(timeout, 2, 120), `healthCheck.timeout ${timeout} is not from 2 to 120 seconds`),
    ...unless(timeout < interval, `healthCheck.timeout ${timeout} must be shorter than its interval ${interval}`),
    ...unless(isWithin(healthy, 2, 10), `healthCheck.healthy ${healthy} is not from 2 to 10`),
    ...unless(isWithin(unhealthy, 2, 10), `healthCheck.unhealthy ${unhealthy} is not from 2 to 10`),
    ...unless(/^\/[\x21-\x7e]{0,1023}$/.test(path), `healthCheck.path "${path}" is no path`),
  ];
}
