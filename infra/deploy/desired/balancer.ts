import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { listenerRules, type Condition, type ForwardAction, type RuleTable } from "../../balancer/rules.ts";
import type { Service } from "../../forum.ts";
import type { Resource } from "../resource.ts";
import { nameOf, refTo, resource, type Blueprint } from "./blueprint.ts";
import type { Network } from "./network.ts";

/** Seconds that a target that leaves has for its requests; the services' own drain is as short. */
const DEREGISTRATION_DELAY = 5;
/** TLS 1.2 and 1.3. */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/** The load balancer with its listeners, a target group per service, and the rules of the table. */
export function balancer(plan: Blueprint, { vpc, publicSubnets, ways }: Network): Resource[] {
  const { certificate } = plan.environment;
  const LoadBalancerArn = refTo("load-balancer", "main", "LoadBalancerArn");
  const { rules, defaultAction } = ruleTable(plan);
  const DefaultActions = [forward(defaultAction)];
  const serving = certificate ? "https" : "http";

  return [
    resource(
      plan,
      "load-balancer",
      "main",
      {
        Name: nameOf(plan),
        Subnets: publicSubnets,
        SecurityGroups: [refTo("security-group", "balancer", "GroupId")],
        Attributes: { "routing.http.drop_invalid_header_fields.enabled": "true" },
      },
      ways,
    ),
    ...plan.services.map((service) => targetGroup(plan, service, vpc)),
    resource(plan, "listener", "http", {
      LoadBalancerArn,
      Protocol: "HTTP",
      Port: 80,
      DefaultActions: certificate ? [redirectToHttps] : DefaultActions,
    }),
    ...(certificate
      ? [
          resource(plan, "listener", "https", {
            LoadBalancerArn,
            Protocol: "HTTPS",
            Port: 443,
            SslPolicy: TLS_POLICY,
            Certificates: [{ CertificateArn: certificate }],
            DefaultActions,
          }),
        ]
      : []),
    ...rules.map((rule) =>
      resource(plan, "listener-rule", rule.action.targetGroups[0]!.targetGroup, {
        ListenerArn: refTo("listener", serving, "ListenerArn"),
        Priority: rule.priority,
        Conditions: rule.conditions.map(condition),
        Actions: [forward(rule.action)],
      }),
    ),
  ];
}

/**
 * The rules of the stage. Each names the default service as well; the first owner has all the weight. Moving a module is
 * then a change of weights only, and a deploy, which leaves the weights of existing rules alone, never undoes it.
 */
export function ruleTable({ application, environment, services }: Blueprint): RuleTable {
  const names = services.filter(({ paths }) => paths.length > 0).map(({ name }) => name);
  const toService = environment.firstOwner === "service" ? 100 : 0;
  const weights = names.map((name) => [name, { [name]: toService, [application.defaultService]: 100 - toService }]);
  return listenerRules(application, { services: names, weights: Object.fromEntries(weights) });
}

function targetGroup(plan: Blueprint, { name }: Service, VpcId: string): Resource {
  const { port, healthCheck } = plan.application;
  return resource(plan, "target-group", name, {
    Name: nameOf(plan, name),
    Protocol: "HTTP",
    Port: port,
    VpcId,
    TargetType: "ip",
    HealthCheckPath: healthCheck.path,
    HealthCheckIntervalSeconds: healthCheck.interval,
    HealthCheckTimeoutSeconds: healthCheck.timeout,
    HealthyThresholdCount: healthCheck.healthy,
    UnhealthyThresholdCount: healthCheck.unhealthy,
    Attributes: { "deregistration_delay.timeout_seconds": String(DEREGISTRATION_DELAY) },
  });
}

const forward = ({ targetGroups }: ForwardAction): Action => ({
  Type: "forward",
  ForwardConfig: {
    TargetGroups: targetGroups.map(({ targetGroup, weight }) => ({
      TargetGroupArn: refTo("target-group", targetGroup, "TargetGroupArn"),
      Weight: weight,
    })),
  },
});

const redirectToHttps: Action = {
  Type: "redirect",
  RedirectConfig: { Protocol: "HTTPS", Port: "443", StatusCode: "HTTP_301" },
};

/** A condition of the table in the words of the AWS API. */
export function condition(of: Condition) {
  switch (of.field) {
    case "path-pattern":
      return { Field: of.field, PathPatternConfig: { Values: of.values } };
    case "host-header":
      return { Field: of.field, HostHeaderConfig: { Values: of.values } };
    case "http-request-method":
      return { Field: of.field, HttpRequestMethodConfig: { Values: of.values } };
    case "http-header":
      return { Field: of.field, HttpHeaderConfig: { HttpHeaderName: of.httpHeaderName, Values: of.values } };
    case "query-string":
      return {
        Field: of.field,
        QueryStringConfig: { Values: of.values.map(({ key, value }) => ({ Key: key, Value: value })) },
      };
    // source-ip is the one field left.
    default:
      return { Field: of.field, SourceIpConfig: { Values: of.values } };
  }
}
