import { unless } from "../../balancer/mistakes.ts";
import type { Application } from "../../forum.ts";
import { sizeOf } from "../desired/container.ts";
import type { Environment } from "../environment.ts";
import { sizeMistakes } from "./fargate.ts";

/** Days for which CloudWatch Logs can keep a log group. */
const RETENTIONS = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731],
  ...[1096, 1827, 2192, 2557, 2922, 3288, 3653],
];

/** What is wrong with numbers and ARNs of the environment. */
export function settingMistakes(application: Application, environment: Environment): string[] {
  const { certificate, region, logRetentionDays, images, database, services, alarmTopics } = environment;
  const names = new Set(application.services.map(({ name }) => name));
  const named = (setting: string, given: string[], also: string[] = []) =>
    given
      .filter((name) => !names.has(name) && !also.includes(name))
      .map((name) => `${setting} names "${name}"; infra/forum.ts has ${[...names].join(", ")}`);
  return [
    ...unless(
      certificate === undefined || certificate.startsWith(`arn:aws:acm:${region}:`),
      `certificate is no ARN of ACM in ${region}; a load balancer takes only those of its region`,
    ),
    ...unless(RETENTIONS.includes(logRetentionDays), `logRetentionDays must be one of ${RETENTIONS.join(", ")}`),
    ...Object.entries(images).flatMap(([name, digest]) =>
      unless(
        /^sha256:[0-9a-f]{64}$/.test(digest),
        `images.${name} "${digest}" is no digest: sha256: and 64 hex digits`,
      ),
    ),
    ...alarmTopics.flatMap((topic) =>
      unless(
        new RegExp(`^arn:[^:]+:sns:${region}:\\d{12}:[\\w-]+(\\.fifo)?$`).test(topic),
        `alarmTopics: "${topic}" is no ARN of an SNS topic in ${region}`,
      ),
    ),
    ...named("images", Object.keys(images), ["tasks"]),
    ...named("services", Object.keys(services)),
    ...databaseMistakes(database),
  ];
}

function databaseMistakes({ minimum, maximum, backupDays, engineVersion }: Environment["database"]): string[] {
  const isHalf = (value: number) => Number.isInteger(value * 2);
  const [major = 0, minor = 0] = engineVersion.split(".").map(Number);
  // The first versions of each major one that know a minimum of 0.
  const firstWithPause = new Map([
    [13, 15],
    [14, 12],
    [15, 7],
    [16, 3],
  ]);
  return [
    ...unless(isHalf(minimum) && minimum >= 0 && minimum <= 256, "database.minimum must be 0 to 256 in halves"),
    ...unless(isHalf(maximum) && maximum >= 1 && maximum <= 256, "database.maximum must be 1 to 256 in halves"),
    ...unless(minimum <= maximum, `database.minimum ${minimum} is more than database.maximum ${maximum}`),
    ...unless(backupDays >= 1 && backupDays <= 35, "database.backupDays must be 1 to 35"),
    ...unless(
      minimum > 0 || minor >= (firstWithPause.get(major) ?? 0),
      `database.minimum 0 needs PostgreSQL ${major}.${firstWithPause.get(major)} or later; this is ${engineVersion}`,
    ),
  ];
}

/** What is wrong with sizes and counts of the tasks. */
export function taskMistakes(application: Application, environment: Environment): string[] {
  return [...application.services.map(({ name }) => name), "tasks"].flatMap((name) => {
    const { cpu, memory, minimum, maximum } = sizeOf(application, environment, name);
    const about = sizeMistakes(cpu, memory);
    about.push(...unless(minimum >= 0 && maximum >= 1, `counts must be positive, not ${minimum} to ${maximum}`));
    about.push(...unless(minimum <= maximum, `minimum ${minimum} is more than maximum ${maximum}`));
    return about.map((mistake) => `tasks of ${name}: ${mistake}`);
  });
}
