import type { Statement } from "../kinds/role.ts";
import type { Resource } from "../resource.ts";
import { nameOf, refTo, resource, type Blueprint } from "./blueprint.ts";

/** Folder of all roles of the environment. */
export const rolePath = ({ application, environment }: Blueprint): string =>
  `/${application.name}/${environment.name}/`;

export const executionRole = (name: string): string => `${name}-execution`;

/** What ECS needs to start a task: its image, its log group, its secrets, and of each only its own. */
export function executionRoleOf(plan: Blueprint, name: string, repository: string, secrets: string[]): Resource {
  return resource(plan, "role", executionRole(name), {
    RoleName: nameOf(plan, name, "execution"),
    Path: rolePath(plan),
    Description: `what ECS needs to start ${name}`,
    statements: [
      // It gives access to no image by itself, and takes no resource.
      allow(["ecr:GetAuthorizationToken"], "*"),
      allow(
        ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
        refTo("repository", repository, "repositoryArn"),
      ),
      allow(["logs:CreateLogStream", "logs:PutLogEvents"], `${refTo("log-group", name, "logGroupArn")}:*`),
      allow(["secretsmanager:GetSecretValue"], secrets),
    ],
  });
}

/** What a task itself may do on AWS: nothing, except that it can be looked into where that is wanted. */
export function taskRoleOf(plan: Blueprint, name: string): Resource {
  return resource(plan, "role", name, {
    RoleName: nameOf(plan, name),
    Path: rolePath(plan),
    Description: `what ${name} may do on AWS`,
    statements: plan.environment.exec ? [forExec] : [],
  });
}

/** The channels of ECS Exec; these actions take no resource. */
const forExec: Statement = {
  Effect: "Allow",
  Action: ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
    (action) => `ssmmessages:${action}`,
  ),
  Resource: "*",
};

const allow = (Action: string[], Resource: string | string[]): Statement => ({ Effect: "Allow", Action, Resource });
