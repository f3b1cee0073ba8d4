import type { Environment } from "../environment.ts";
import { nameOf, ownershipTags, type Blueprint } from "../desired/blueprint.ts";
import { rolePath } from "../desired/roles.ts";

/** The tests of a condition: operator, key, values. */
export type Condition = Record<string, Record<string, string | string[]>>;

/** Which resources are meant: those of one environment, in one region of one account. */
export interface Where {
  region: string;
  /** The ARN of something in the region. */
  arn: (service: string, resource: string) => string;
  /** The ARN of something of IAM, which has no region. */
  iam: (resource: string) => string;
  /** Every name begins with it. */
  prefix: string;
  /** The folder of the environment's roles: `/forum/dev/`. */
  rolePath: string;
  /** Key and value of the tag that says whose it is. */
  tag: { key: string; value: string };
  network: Environment["network"];
}

/**
 * On what some calls may act. Which calls there are is read off the source; what AWS lets one restrict is not to be read
 * anywhere but in its Service Authorization Reference, and stands here.
 */
export interface Grant {
  /** Name of the statement: letters and digits. */
  sid: string;
  /** The calls it is about, `service:Operation`; `*` stands for any run of characters. */
  calls: string[];
  /** The actions that they need; without it, those of their own names. */
  actions?: (calls: string[]) => string[];
  on: (where: Where) => string[];
  when?: (where: Where, calls: string[]) => Condition;
}

/** The calls' own actions, and others that AWS asks for besides. */
export const and =
  (...others: string[]) =>
  (calls: string[]): string[] => [...calls, ...others];

/** Not the calls' own actions, which another statement has, but what AWS asks for besides. */
export const besides =
  (...others: string[]) =>
  (): string[] =>
    others;

export const everything = (): string[] => ["*"];

/** Any resource, but in no other region: for actions with which AWS takes no resource. */
export const inRegion = ({ region }: Where): Condition => ({ StringEquals: { "aws:RequestedRegion": region } });

/** What carries the tag of the environment. */
export const owned = ({ tag }: Where): Condition => ({ StringEquals: { [`aws:ResourceTag/${tag.key}`]: tag.value } });

/** What gets the tag of the environment as it is made. */
export const tagged = ({ tag }: Where): Condition => ({ StringEquals: { [`aws:RequestTag/${tag.key}`]: tag.value } });

/** Operations without their service: how conditions on the creating action name them. */
export const operations = (calls: string[]): string[] => calls.map((call) => call.split(":")[1]!);

/** @param account 12 digits, or `*` where it is not known */
export function whereOf(plan: Blueprint, account: string): Where {
  const { application, environment } = plan;
  const { region, network } = environment;
  const [tag] = Object.entries(ownershipTags(application.name, environment.name));
  const partition = partitionOf(region);
  return {
    region,
    arn: (service, resource) => `arn:${partition}:${service}:${region}:${account}:${resource}`,
    iam: (resource) => `arn:${partition}:iam::${account}:${resource}`,
    prefix: nameOf(plan),
    rolePath: rolePath(plan),
    tag: { key: tag![0], value: tag![1] },
    network,
  };
}

/** China and GovCloud are worlds of their own. */
function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
