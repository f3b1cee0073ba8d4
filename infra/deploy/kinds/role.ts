import { attributes, type Kind } from "../resource.ts";
import { call } from "../step.ts";
import { tagList } from "../tags.ts";

export interface Statement {
  Effect: "Allow";
  Action: string[];
  Resource: string | string[];
}

export interface RoleSpec {
  RoleName: string;
  /** The folder of all roles of the environment: by it they are found again. */
  Path: string;
  Description: string;
  /** What tasks with this role may do; a role may have none. */
  statements: Statement[];
}

/** The only policy of a role: its permissions are read in one place. */
const PolicyName = "permissions";

export const role: Kind<RoleSpec> = {
  title: "IAM role",
  attributes: ["Arn"],

  create: ({ spec: { RoleName, Path, Description, statements }, tags }) => [
    call(
      "iam",
      "CreateRole",
      { RoleName, Path, Description, AssumeRolePolicyDocument: trustInTasks, Tags: tagList(tags) },
      { gives: ({ Role }) => attributes(Role, "Arn") },
    ),
    ...(statements.length > 0
      ? [call("iam", "PutRolePolicy", { RoleName, PolicyName, PolicyDocument: policyDocument(statements) })]
      : []),
  ],
};

const trustInTasks = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** A policy as IAM wants it: JSON as text. */
export const policyDocument = (Statement: Statement[]): string => JSON.stringify({ Version: "2012-10-17", Statement });
