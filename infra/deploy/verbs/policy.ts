import { Command, InvalidArgumentError } from "commander";
import { forum } from "../../forum.ts";
import { UserError } from "../../terminal/user-error.ts";
import { blueprint } from "../desired/blueprint.ts";
import type { Environment } from "../environment.ts";
import { environmentFrom, withCommonOptions, type CommonOptions } from "../options.ts";
import { callsInSource } from "../policy/calls.ts";
import { documentsOf, MOST, sizeOf } from "../policy/documents.ts";
import { whereOf } from "../policy/grant.ts";
import { statementsFor } from "../policy/statements.ts";
import { awsFor } from "../session.ts";

interface Options extends CommonOptions {
  offline?: true;
  part?: number;
}

export const policy = withCommonOptions(new Command("policy"))
  .description(
    [
      "Prints what the verbs need to be allowed to do on AWS, and nothing else: a list of IAM policies, as JSON.",
      "It is derived from the calls that they make, and bound to the names and tags of the environment.",
    ].join(" "),
  )
  .option("--offline", "do not ask for the account's number; it stands as * then")
  .option("--part <number>", "print only one policy of the list, as IAM takes it", numberOf)
  .addHelpText(
    "after",
    `
IAM takes ${MOST.toLocaleString("en")} characters a policy, so there are several; all have to be attached. Where a statement has the resource *,
AWS knows no narrower one; then it is bound to the region, or to a tag, if AWS looks at that. With --json the same is printed.

AWS does not let these be kept to one environment: deregistering task definitions, and changing how ECS services scale.
Where names tell environments apart, their beginning does: the policy of "dev" also covers names of a "dev-2".
Whoever makes roles can give them any right: who must not, gets roles from an administrator, or a permissions boundary.

Exit codes: 0 the policies were printed; 1 an error

To attach them to the user "operator", for each number N that there is:
  npm run --silent infra -- policy --env prod --part N > policy.json
  aws iam create-policy --policy-name forum-prod-N --policy-document file://policy.json
  aws iam attach-user-policy --user-name operator --policy-arn arn:aws:iam::ACCOUNT:policy/forum-prod-N`,
  )
  .action(async (options: Options) => {
    const environment = await environmentFrom(options);
    const account = options.offline ? "*" : await accountOf(environment);
    const where = whereOf(blueprint(forum, environment), account);
    const documents = documentsOf(statementsFor(await callsInSource(), where));
    const { part } = options;
    if (part !== undefined && !documents[part - 1])
      throw new UserError(`There is no part ${part}; the parts are 1 to ${documents.length}.`);
    console.log(JSON.stringify(part === undefined ? documents : documents[part - 1], null, 2));
    const sizes = documents.map((document, index) => `part ${index + 1} has ${sizeOf(document)}`);
    console.error(`${documents.length} policies of at most ${MOST} characters: ${sizes.join(", ")}`);
  });

/** The number of the account, or `*` when nobody can be asked. */
async function accountOf({ account, ...environment }: Environment): Promise<string> {
  if (account) return account;
  try {
    const { Account = "*" } = (await awsFor({ account, ...environment }).send("sts", "GetCallerIdentity", {})) as {
      Account?: string;
    };
    return Account;
  } catch (error) {
    console.error(`The account's number is not known, so it stands as *: ${(error as Error).message}`);
    return "*";
  }
}

function numberOf(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a number from 1.");
}
