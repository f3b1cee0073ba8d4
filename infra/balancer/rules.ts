/**
 * The listener rules of the balancer, made from the table of services.
 *
 * The words are those of the Application Load Balancer: a listener has rules; a rule has a priority, conditions that all
 * have to hold, and an action that forwards to weighted target groups; what no rule matches goes to the default action.
 */
import type { Application, Service } from "../forum.ts";

/** A key and value to find in the query string; without a key, any key will do. */
export interface QueryStringPair {
  key?: string;
  value: string;
}

/** A condition holds when one of its values matches. `*` is any run of characters, `?` is exactly one. */
export type Condition =
  | { field: "path-pattern"; values: string[] }
  | { field: "host-header"; values: string[] }
  | { field: "http-request-method"; values: string[] }
  | { field: "http-header"; httpHeaderName: string; values: string[] }
  | { field: "query-string"; values: QueryStringPair[] }
  | { field: "source-ip"; values: string[] };

/** A target group and its share: the weight (0 to 999) divided by the sum of the weights of the action. */
export interface WeightedTargetGroup {
  targetGroup: string;
  weight: number;
}

export interface ForwardAction {
  type: "forward";
  targetGroups: WeightedTargetGroup[];
}

export interface Rule {
  /** 1 to 50000, unique; the lowest is asked first. */
  priority: number;
  conditions: Condition[];
  action: ForwardAction;
}

export interface RuleTable {
  rules: Rule[];
  defaultAction: ForwardAction;
}

export interface ListenerRuleOptions {
  /** Names of the services that have a rule; without it, all of them. What the others would answer is the default's. */
  services?: readonly string[];
  /** By the name of a service: the weight of every target group that its rule forwards to, instead of all to itself. */
  weights?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** An action that forwards everything to one target group. */
export const forwardTo = (targetGroup: string): ForwardAction => ({
  type: "forward",
  targetGroups: [{ targetGroup, weight: 1 }],
});

/**
 * The rules of the application, in the order in which the balancer asks them.
 *
 * Throws a `RangeError` when an option names a service that has no paths: its rule would never be asked.
 */
export function listenerRules(application: Application, options: ListenerRuleOptions = {}): RuleTable {
  const routed = application.services.filter((service) => service.paths.length > 0);
  const names = routed.map((service) => service.name);
  for (const name of [...(options.services ?? []), ...Object.keys(options.weights ?? {})]) {
    if (!names.includes(name)) throw new RangeError(`No rule is made for "${name}"; rules are for ${names.join(", ")}`);
  }
  const chosen = options.services ?? names;
  return {
    rules: routed
      .filter((service) => chosen.includes(service.name))
      .map((service) => serviceRule(service, options.weights?.[service.name]))
      .toSorted((one, other) => one.priority - other.priority),
    defaultAction: forwardTo(application.defaultService),
  };
}

function serviceRule(service: Service, weights?: Readonly<Record<string, number>>): Rule {
  return {
    // A service without a priority becomes a mistake that limits.ts reports together with all others.
    priority: service.priority ?? 0,
    conditions: [{ field: "path-pattern", values: service.paths }],
    action: weights ? weighted(weights) : forwardTo(service.name),
  };
}

const weighted = (weights: Readonly<Record<string, number>>): ForwardAction => ({
  type: "forward",
  targetGroups: Object.entries(weights).map(([targetGroup, weight]) => ({ targetGroup, weight })),
});

/** Every target group that the table forwards to, each once, in the order of first use. */
export function targetGroupsOf(table: RuleTable): string[] {
  const actions = [...table.rules.map((rule) => rule.action), table.defaultAction];
  return [...new Set(actions.flatMap((action) => action.targetGroups.map((group) => group.targetGroup)))];
}
