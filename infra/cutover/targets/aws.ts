/**
 * The forum on ECS Fargate. Its databases are reached from inside the VPC alone: each step runs as a one-off task of the
 * deployer's image for tasks, and tells by its log. Weights are those of the listener rules.
 */
import { reader, type Send } from "../../deploy/ask.ts";
import { aws } from "../../deploy/clients.ts";
import { readEnvironment, type Environment } from "../../deploy/environment.ts";
import { readRules, type RuleStatus } from "../../deploy/status/rules.ts";
import { serviceNamed } from "../../forum.ts";
import { UserError } from "../../terminal/user-error.ts";
import { modules, type MovingModule } from "../module.ts";
import type { StepResults } from "../steps/steps.ts";
import { runTask } from "./aws-task.ts";
import type { Target } from "./target.ts";

/** Milliseconds between two looks at a task. */
const PACE = 3000;

/** The forum of an environment of the deployer. @param env its name */
export async function awsTarget({ env, region }: { env: string; region?: string | undefined }): Promise<Target> {
  const environment = await readEnvironment(env, { region });
  return awsTargetOf(aws(environment.region).send, environment);
}

/** The same with calls that go anywhere. */
export function awsTargetOf(send: Send, environment: Environment, pace: number = PACE): Target {
  const rules = () => readRules(reader(send), environment);
  return {
    name: "aws",
    async step(name, module, { to }, report) {
      const command = ["cutover", name, module.name, ...(to ? ["--to", to] : [])];
      return (await runTask({ send, environment, command, pace }, report)) as StepResults[typeof name];
    },
    async weights() {
      const all = await rules();
      return Object.fromEntries(modules.map((module) => [module.name, percentOf(module, ruleOf(module, all))]));
    },
    async shift(module, percent) {
      const { arn: RuleArn, targetGroups } = ruleOf(module, await rules());
      const TargetGroups = Object.entries(targetGroups).map(([name, TargetGroupArn]) => ({
        TargetGroupArn,
        Weight: name === module.name ? percent : 100 - percent,
      }));
      const Actions = [{ Type: "forward", ForwardConfig: { TargetGroups } }];
      await send("elasticloadbalancing", "ModifyRule", { RuleArn, Actions });
    },
    // Each look would be a task of its own; how the services fare is in CloudWatch, and in npm run infra -- status.
    watch: async () => {},
    close: async () => {},
  };
}

/** @throws UserError when the services are not deployed */
function ruleOf({ name }: MovingModule, rules: readonly RuleStatus[]): RuleStatus {
  const { priority } = serviceNamed(name);
  const rule = rules.find((one) => one.priority === String(priority));
  if (rule) return rule;
  throw new UserError(
    `The load balancer has no rule for ${name}: deploy the services first (npm run infra -- deploy).`,
  );
}

function percentOf({ name }: MovingModule, { weights }: RuleStatus): number {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  return total === 0 ? 0 : Math.round((100 * (weights[name] ?? 0)) / total);
}
