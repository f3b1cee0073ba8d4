/** Whether whoever deploys may make the planned calls, asked of IAM's simulator. */
import type { EvaluationResult } from "@aws-sdk/client-iam";
import type { Ask } from "../ask.ts";
import { blueprint } from "../desired/blueprint.ts";
import type { Environment } from "../environment.ts";
import type { Change } from "../plan/change.ts";
import { whereOf } from "../policy/grant.ts";
import { statementsFor, type Statement } from "../policy/statements.ts";
import { forum } from "../../forum.ts";
import { refuse } from "./preflight.ts";

/** What was found out. */
export interface Permissions {
  missing: string[];
  /** Why it could not be found out. */
  unknown?: string;
}

/** Tells on stderr when it cannot be known. @throws UserError that lists the actions that are not allowed */
export async function assertPermitted(ask: Ask, environment: Environment, changes: readonly Change[]): Promise<void> {
  const { missing, unknown } = await missingPermissions(ask, environment, changes);
  if (unknown) console.error(`Permissions could not be checked beforehand: ${unknown.split("\n")[0]}`);
  if (missing.length > 0) refuse([`the credentials lack ${missing.join(", ")} (see npm run infra -- policy)`]);
}

/** The actions that the planned calls need and the caller is not allowed. */
export async function missingPermissions(
  ask: Ask,
  environment: Environment,
  changes: readonly Change[],
): Promise<Permissions> {
  const [identity] = await ask("sts", "GetCallerIdentity", {});
  const { Arn = "", Account = "" } = identity ?? {};
  if (changes.length === 0) return { missing: [] };
  if (Arn.includes(":federated-user/")) return { missing: [], unknown: "IAM does not simulate federated users" };
  try {
    const source = await principalOf(ask, Arn);
    // Whoever owns the account may do everything.
    if (!source) return { missing: [] };
    const statements = statementsFor(callsOf(changes), whereOf(blueprint(forum, environment), Account));
    const denied = await Promise.all(statements.map((statement) => deniedIn(ask, source, statement)));
    return { missing: [...new Set(denied.flat())].toSorted() };
  } catch (error) {
    return { missing: [], unknown: (error as Error).message };
  }
}

/** The calls of the plan, as a policy writes them. */
const callsOf = (changes: readonly Change[]): string[] => [
  ...new Set(
    changes.flatMap(({ steps }) =>
      steps.flatMap((step) => (step.type === "command" ? [] : [`${step.service}:${step.operation}`])),
    ),
  ),
];

/** The user or role behind the credentials; undefined for the owner of the account. */
async function principalOf(ask: Ask, arn: string): Promise<string | undefined> {
  if (/^arn:[^:]+:iam::\d+:(user|role)\//.test(arn)) return arn;
  const RoleName = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  if (!RoleName) return undefined;
  // The ARN of a session leaves out the path of its role.
  const [answer] = await ask("iam", "GetRole", { RoleName });
  return answer?.Role?.Arn;
}

async function deniedIn(
  ask: Ask,
  PolicySourceArn: string,
  { Action, Resource, Condition = {} }: Statement,
): Promise<string[]> {
  const conditions = Object.values(Condition).flatMap((tests) => Object.entries(tests));
  const answers = await ask("iam", "SimulatePrincipalPolicy", {
    PolicySourceArn,
    ActionNames: Action,
    // An example of what a pattern means.
    ResourceArns: Resource.map((pattern) => (pattern === "*" ? pattern : pattern.replaceAll("*", "x"))),
    ContextEntries: conditions.map(([ContextKeyName, values]) => ({
      ContextKeyName,
      ContextKeyType: "string" as const,
      ContextKeyValues: [values].flat().slice(0, 1),
    })),
  });
  const results = answers.flatMap(({ EvaluationResults }) => EvaluationResults ?? []);
  return Action.filter((action) => {
    const decisions = results.filter(({ EvalActionName }) => EvalActionName === action).flatMap(decisionsOf);
    // Not every resource of a statement goes with every action of it: one that is allowed is enough.
    return decisions.length > 0 && !decisions.includes("allowed");
  });
}

const decisionsOf = ({ EvalDecision, ResourceSpecificResults = [] }: EvaluationResult): (string | undefined)[] => [
  EvalDecision,
  ...ResourceSpecificResults.map(({ EvalResourceDecision }) => EvalResourceDecision),
];
