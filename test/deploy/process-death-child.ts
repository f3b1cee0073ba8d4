/**
 * A process that deploys or destroys, for a test that kills it: what the verbs do, but asking the stand-in for AWS more
 * often than one asks AWS.
 *
 *     node test/deploy/process-death-child.ts deploy|destroy ENVIRONMENT
 */
import { reader } from "../../infra/deploy/ask.ts";
import { environmentOf } from "../../infra/deploy/environment.ts";
import { removals } from "../../infra/deploy/plan/removal.ts";
import { run } from "../../infra/deploy/run/run.ts";
import { awsFor, existingOf, planOnline } from "../../infra/deploy/session.ts";
import { silent } from "./support.ts";

const [verb, json = "{}"] = process.argv.slice(2);
const environment = environmentOf(JSON.parse(json) as object);
const { send } = awsFor(environment);

const { changes, known } = verb === "destroy" ? await planRemoval() : await planOnline({ send }, environment);
const { failed } = await run(changes, { send, known, progress: silent, pace: 10 });
for (const { change, error } of failed) console.error(`${change.id}: ${error.message}`);
process.exitCode = failed.length > 0 ? 1 : 0;

async function planRemoval() {
  const existing = await existingOf(reader(send), environment);
  return { changes: removals(existing.filter(({ found }) => found.owned)), known: new Map() };
}
