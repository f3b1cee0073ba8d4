import { orNone } from "../ask.ts";
import { attributes, type Kind } from "../resource.ts";
import { found, tagsFrom } from "../scope.ts";
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
  fixed: ["RoleName", "Path"],

  read: async (ask, { application, environment, prefix }) => {
    const PathPrefix = `/${application}/${environment}/`;
    const answers = await ask("iam", "ListRoles", { PathPrefix });
    return Promise.all(
      answers
        .flatMap(({ Roles }) => Roles ?? [])
        .map(async ({ RoleName = "", Path, Arn = "" }) => {
          const [[one], [policy]] = await Promise.all([
            ask("iam", "GetRole", { RoleName }),
            orNone(ask("iam", "GetRolePolicy", { RoleName, PolicyName }), "NoSuchEntityException", "NoSuchEntity"),
          ]);
          return found({ application, environment, prefix }, tagsFrom(one?.Role?.Tags), {
            name: RoleName,
            attributes: { Arn },
            spec: {
              RoleName,
              Path,
              Description: one?.Role?.Description,
              statements: statementsIn(policy?.PolicyDocument),
            },
          });
        }),
    );
  },

  create: ({ spec: { RoleName, Path, Description }, tags }) => [
    call(
      "iam",
      "CreateRole",
      { RoleName, Path, Description, AssumeRolePolicyDocument: trustInTasks, Tags: tagList(tags) },
      { gives: ({ Role }) => attributes(Role, "Arn") },
    ),
  ],

  change: ({ spec: { RoleName, Description, statements } }, existing) => [
    ...(existing ? [call("iam", "UpdateRole", { RoleName, Description })] : []),
    ...(statements.length > 0
      ? [call("iam", "PutRolePolicy", { RoleName, PolicyName, PolicyDocument: policyDocument(statements) })]
      : []),
    ...(statements.length === 0 && (existing?.spec["statements"] as Statement[] | undefined)?.length
      ? [call("iam", "DeleteRolePolicy", { RoleName, PolicyName })]
      : []),
  ],

  remove: ({ name: RoleName, spec }) => [
    ...((spec["statements"] as Statement[]).length > 0
      ? [call("iam", "DeleteRolePolicy", { RoleName, PolicyName }, { tolerates: ["NoSuchEntityException"] })]
      : []),
    call("iam", "DeleteRole", { RoleName }, { tolerates: ["NoSuchEntityException"] }),
  ],
};

const trustInTasks = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/** A policy as IAM wants it: JSON as text. */
const policyDocument = (Statement: Statement[]): string => JSON.stringify({ Version: "2012-10-17", Statement });

/** The statements of a policy as IAM answers it: JSON in URL encoding. */
const statementsIn = (document: string | undefined): Statement[] =>
  document ? (JSON.parse(decodeURIComponent(document)) as { Statement: Statement[] }).Statement : [];
