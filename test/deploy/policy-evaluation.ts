/**
 * What IAM would say of recorded calls. moto looks at actions only; here the resources, tags and conditions of a policy are
 * held against what stood in the calls and what moto answered. Names and ids stand for the ARNs that moto gave them.
 */
import type { SimulatePolicyResponse, SimulatePrincipalPolicyRequest } from "@aws-sdk/client-iam";
import type { Condition } from "../../infra/deploy/policy/grant.ts";
import { matches, type Statement } from "../../infra/deploy/policy/statements.ts";
import type { Tags } from "../../infra/deploy/resource.ts";
import { tagsFrom } from "../../infra/deploy/scope.ts";

export interface RecordedCall {
  service: string;
  operation: string;
  input: Record<string, unknown>;
  output: unknown;
}

/** One permission that a call asks for. */
export interface Request {
  action: string;
  /** Undefined where the resource is not known before: then only action and conditions count. */
  resource: string | undefined;
  context: Record<string, string | undefined>;
}

/** How each service calls the tagging that goes with making. */
const TAGGING: Record<string, string> = {
  ec2: "CreateTags",
  elasticloadbalancing: "AddTags",
  rds: "AddTagsToResource",
  iam: "TagRole",
};
/** Prefixes of the ids of EC2, and what they are in ARNs. */
const EC2_TYPES: Record<string, string> = {
  vpc: "vpc",
  subnet: "subnet",
  igw: "internet-gateway",
  rtb: "route-table",
  sg: "security-group",
  sgr: "security-group-rule",
  vpce: "vpc-endpoint",
};

/** Every permission that the calls ask for, and which call it is. */
export function requestsOf(
  calls: readonly RecordedCall[],
  account: string,
  region: string,
): (Request & { call: RecordedCall })[] {
  const arns = [...new Set(calls.flatMap(({ output }) => textsIn(output).filter((text) => text.startsWith("arn:"))))];
  const tags = tagsByName(calls);
  const routeTables = associations(calls.map(({ output }) => output));
  const arnsOf = (service: string, given: string): string[] => {
    // Who is associated is looked up by EC2.
    const text = routeTables.get(given) ?? given;
    if (text.startsWith("arn:")) return [text];
    const type = service === "ec2" && EC2_TYPES[text.split("-")[0]!];
    if (type) return [`arn:aws:ec2:${region}:${account}:${type}/${text}`];
    return arns.filter((arn) => arn.split(":")[2] === service && arn.split(/[:/]/).at(-1) === text);
  };
  return calls.flatMap((call) => {
    const { service, operation, input, output } = call;
    const action = `${service}:${operation}`;
    const request = requestContext(input, region, account);
    const roles = Object.entries(input).filter(([key]) => /^(execution|task)RoleArn$/.test(key));
    const given = Object.entries(input).filter(([key]) => !/RoleArn$|^clientToken$/.test(key));
    const resources = given.flatMap(([, value]) => topTexts(value)).flatMap((text) => arnsOf(service, text));
    const withTags = (resource: string): Request["context"] => ({
      ...request,
      ...prefixed("ResourceTag", tags.get(idIn(resource)) ?? tags.get(resource) ?? {}),
    });
    // What stands deeper in an answer is not what was made, but what belongs to it.
    const made = textsIn(output, 3).filter((text) => text.startsWith(`arn:aws:${service}:`));
    const tagging = Object.keys(request).some((key) => key.startsWith("aws:RequestTag/"));
    return [
      ...(resources.length > 0
        ? [...new Set(resources)].map((resource) => ({ call, action, resource, context: withTags(resource) }))
        : [{ call, action, resource: undefined, context: request }]),
      ...roles.map(([, role]) => ({
        call,
        action: "iam:PassRole",
        resource: role as string,
        context: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
      })),
      ...(tagging
        ? [...new Set(made.length > 0 ? made : [undefined])].map((resource) => ({
            call,
            action: `${service}:${TAGGING[service] ?? "TagResource"}`,
            resource,
            context: { ...request, [`${service}:CreateAction`]: operation },
          }))
        : []),
    ];
  });
}

/** Whether some statement allows it. */
export const isAllowed = (statements: readonly Statement[], { action, resource, context }: Request): boolean =>
  statements.some(
    ({ Action, Resource, Condition = {} }) =>
      Action.includes(action) &&
      (resource === undefined || Resource.some((pattern) => matches(pattern, resource))) &&
      holds(Condition, context),
  );

const holds = (condition: Condition, context: Request["context"]): boolean =>
  Object.values(condition)
    .flatMap((tests) => Object.entries(tests))
    .every(([key, wanted]) => [wanted].flat().some((one) => context[key] !== undefined && matches(one, context[key])));

/** What conditions can look at in a call. */
function requestContext(input: Record<string, unknown>, region: string, account: string): Request["context"] {
  const cluster = input["cluster"] as string | undefined;
  return {
    "aws:RequestedRegion": region,
    ...(cluster && { "ecs:cluster": `arn:aws:ecs:${region}:${account}:cluster/${cluster}` }),
    "application-autoscaling:service-namespace": input["ServiceNamespace"] as string | undefined,
    "application-autoscaling:scalable-dimension": input["ScalableDimension"] as string | undefined,
    "iam:AWSServiceName": input["AWSServiceName"] as string | undefined,
    ...prefixed("RequestTag", tagsOf(input)),
  };
}

const prefixed = (kind: string, tags: Tags): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:${kind}/${key}`, value]));

/** Tags in a call or an answer, however they are written. */
function tagsOf(value: object): Tags {
  const { Tags, tags, TagList, TagSpecifications } = value as Record<string, unknown>;
  const specified = (TagSpecifications as { Tags: object[] }[] | undefined)?.[0]?.Tags;
  const found = Tags ?? tags ?? TagList ?? specified ?? {};
  return Array.isArray(found) ? tagsFrom(found) : (found as Tags);
}

/** The tags of everything that moto has told, by id and ARN. */
function tagsByName(calls: readonly RecordedCall[]): Map<string, Tags> {
  const byName = new Map<string, Tags>();
  const learn = (value: unknown, asked: string[]): void => {
    if (typeof value !== "object" || value === null) return;
    const tags = tagsOf(value);
    if (Object.keys(tags).length > 0) {
      for (const name of [...asked, ...Object.values(value).filter((one) => typeof one === "string")]) {
        if (!byName.has(name)) byName.set(name, tags);
      }
    }
    for (const item of Object.values(value)) learn(item, []);
  };
  for (const { input, output } of calls) learn(output, Object.values(input).flatMap(topTexts));
  return byName;
}

/** Route tables by the ids of their associations. */
function associations(value: unknown, found = new Map<string, string>()): Map<string, string> {
  if (typeof value !== "object" || value === null) return found;
  const { RouteTableAssociationId, RouteTableId } = value as Record<string, string>;
  if (RouteTableAssociationId && RouteTableId) found.set(RouteTableAssociationId, RouteTableId);
  for (const item of Object.values(value)) associations(item, found);
  return found;
}

/** The id at the end of an ARN of EC2. */
const idIn = (arn: string): string => (arn.startsWith("arn:aws:ec2:") ? arn.split("/").at(-1)! : arn);

const topTexts = (value: unknown): string[] => [value].flat().filter((one) => typeof one === "string");

function textsIn(value: unknown, depth = Infinity): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || depth === 0) return [];
  return Object.values(value).flatMap((item) => textsIn(item, depth - 1));
}

/** What IAM's simulator would answer, by the statements that the caller has. */
export function simulate(
  statements: readonly Statement[],
  input: SimulatePrincipalPolicyRequest,
): SimulatePolicyResponse {
  const { ActionNames = [], ResourceArns = [], ContextEntries = [] } = input;
  const context = Object.fromEntries(
    ContextEntries.map(({ ContextKeyName = "", ContextKeyValues }) => [ContextKeyName, ContextKeyValues?.[0]]),
  );
  const decide = (action: string, resource: string) =>
    isAllowed(statements, { action, resource, context }) ? ("allowed" as const) : ("implicitDeny" as const);
  return {
    EvaluationResults: ActionNames.flatMap((EvalActionName) =>
      ResourceArns.map((EvalResourceName) => ({
        EvalActionName,
        EvalResourceName,
        EvalDecision: decide(EvalActionName, EvalResourceName),
      })),
    ),
  };
}
