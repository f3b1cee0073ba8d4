import { Argument, Command } from "commander";
import { forum } from "../../forum.ts";
import { UserError } from "../../terminal/user-error.ts";
import { apply } from "../apply.ts";
import { shortOf } from "../arn.ts";
import { orNone, reader, type Ask } from "../ask.ts";
import { conclude } from "../conclude.ts";
import { blueprint } from "../desired/blueprint.ts";
import { desired } from "../desired/desired.ts";
import { goBack, type ServiceSpec } from "../kinds/service.ts";
import { environmentFrom, withCommonOptions, type CommonOptions } from "../options.ts";
import { planTable } from "../output/plan.ts";
import { limited, withPatience, type Patience } from "../patience.ts";
import type { Attributes, ResourceId } from "../reference.ts";
import type { Resource } from "../resource.ts";
import { previousOf } from "../rollout/previous.ts";
import { scopeOf } from "../scope.ts";
import { awsFor } from "../session.ts";

type Options = CommonOptions & Patience;

export const rollback = withPatience(withCommonOptions(new Command("rollback")))
  .description(
    [
      "Rolls a service back to the last task definition before the present one that was healthy,",
      "and waits until it serves. Nothing else is changed: databases stay migrated, secrets and rules stay as they are.",
    ].join(" "),
  )
  .addArgument(new Argument("<service>", "which one").choices(forum.services.map(({ name }) => name)))
  .addHelpText(
    "after",
    `
Twice goes back two steps. infra/forum.ts, the environment and the code still want the revision that was left: plan shows
it as a change, and the next deploy rolls it out again unless they are changed first, or it deploys other services only.

Exit codes: 0 the earlier revision serves; 1 an error, or there is none; 3 to 5 and 130 as deploy has them

Example:
  npm run infra -- rollback users --env prod`,
  )
  .action(async (name: string, options: Options) => {
    const environment = await environmentFrom(options);
    const aws = awsFor(environment);
    const ask = reader(aws.send);
    const wanted = desired(forum, environment);
    const resource = wanted.find(({ id }) => id === `service/${name}`) as Resource<ServiceSpec> | undefined;
    if (!resource) throw new UserError(`There is no ${name} at the stage ${environment.stage}.`);
    const { cluster, serviceName: service } = resource.spec;
    const { present, targetGroupArn } = await presentOf(ask, resource);
    const previous = await previousOf(ask, scopeOf(blueprint(forum, environment)), { cluster, service }, present);
    if (!previous)
      throw new UserError(`${name} runs ${shortOf(present)}, and no earlier revision of it is known to have worked.`);

    const change = goBack(resource, { from: present, to: previous.arn });
    console.error(`${planTable([change])}\n\n${shortOf(previous.arn)} is ${previous.why}.\n`);
    const known = new Map<ResourceId, Attributes>([[`target-group/${name}`, { TargetGroupArn: targetGroupArn }]]);
    const outcome = await apply(aws, limited([change], options), known, options.poll * 1000);
    await conclude(aws.send, outcome, { wanted, known, json: options.json });
    const result = { environment: environment.name, service: name, from: shortOf(present), to: shortOf(previous.arn) };
    console.log(options.json ? JSON.stringify(result, null, 2) : textOf(result));
  });

/** What a service runs. @throws UserError when it is not deployed */
async function presentOf(ask: Ask, { name, spec: { cluster, serviceName } }: Resource<ServiceSpec>) {
  const answers = await orNone(
    ask("ecs", "DescribeServices", { cluster, services: [serviceName] }),
    "ClusterNotFoundException",
  );
  const found = answers.flatMap(({ services }) => services ?? []).find(({ status }) => status === "ACTIVE");
  if (!found?.taskDefinition) throw new UserError(`${name} is not deployed. To see what is: npm run infra -- status`);
  return { present: found.taskDefinition, targetGroupArn: found.loadBalancers?.[0]?.targetGroupArn ?? "" };
}

const textOf = ({ service, from, to }: { service: string; from: string; to: string }) =>
  [
    `${service}: ${to} serves instead of ${from}`,
    `Databases stay migrated. infra/forum.ts, the environment and the code still want ${from}: plan shows it as a change,`,
    "and the next deploy rolls it out again unless they are changed first. Until then, deploy only other services by name.",
  ].join("\n");
