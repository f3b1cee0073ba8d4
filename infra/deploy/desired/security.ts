import type { Resource } from "../resource.ts";
import { nameOf, refTo, resource, type Blueprint } from "./blueprint.ts";

export const POSTGRES = 5432;
const HTTP = 80;
const HTTPS = 443;
const EVERYWHERE = { CidrIp: "0.0.0.0/0" };

/** Who is protected by which security group, and what for. */
const GROUPS = {
  balancer: "the load balancer: from the internet, to the tasks",
  task: "the tasks: from the balancer and each other, to the database and the AWS API",
  database: "the database: from the tasks",
  endpoints: "the VPC endpoints: from the tasks",
};
type Group = keyof typeof GROUPS;

const groupId = (group: Group): string => refTo("security-group", group, "GroupId");

/** The groups, and their rules: internet → balancer → tasks → database, and nothing else. */
export function security(plan: Blueprint, VpcId: string): Resource[] {
  const { application, environment } = plan;
  const isPrivate = environment.network === "private";

  const group = (name: Group) =>
    resource(plan, "security-group", name, {
      GroupName: nameOf(plan, name),
      Description: GROUPS[name],
      VpcId,
      letsEverythingOut: false,
    });
  const rule = (group: Group, direction: "ingress" | "egress", port: number, other: Group | typeof EVERYWHERE) => {
    const from = typeof other === "string" ? other : "internet";
    const name = [group, direction === "ingress" ? "from" : "to", from, port].join("-");
    const peer = typeof other === "string" ? { GroupId: groupId(other) } : other;
    return resource(plan, "security-group-rule", name, {
      Name: nameOf(plan, name),
      GroupId: groupId(group),
      direction,
      port,
      peer,
    });
  };
  const between = (from: Group, to: Group, port: number) => [
    rule(from, "egress", port, to),
    rule(to, "ingress", port, from),
  ];

  return [
    group("balancer"),
    group("task"),
    group("database"),
    rule("balancer", "ingress", HTTP, EVERYWHERE),
    ...(environment.certificate ? [rule("balancer", "ingress", HTTPS, EVERYWHERE)] : []),
    ...between("balancer", "task", application.port),
    ...between("task", "task", application.port),
    ...between("task", "database", POSTGRES),
    // Moving a module replicates from one database of the server to another: the server calls itself.
    ...between("database", "database", POSTGRES),
    // To ECR, CloudWatch Logs and Secrets Manager; in a private network only S3 is not behind an endpoint's address.
    rule("task", "egress", HTTPS, EVERYWHERE),
    ...(isPrivate ? [group("endpoints"), rule("endpoints", "ingress", HTTPS, "task")] : []),
  ];
}
