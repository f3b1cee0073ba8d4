/** What becomes of the roll-outs that are under way when somebody presses Ctrl-C. */
import { answerTo, canAsk } from "../terminal/question.ts";
import type { Send } from "./ask.ts";
import { EndingError, endingOf } from "./ending.ts";
import type { SpecOf } from "./kinds/index.ts";
import type { Resource } from "./resource.ts";
import { stopDeployment } from "./rollout/stop.ts";
import type { Outcome } from "./run/run.ts";

export type Choice = "leave" | "roll back";

/** What was typed, as a choice; undefined for anything else. */
export function choiceOf(typed: string): Choice | undefined {
  const answer = typed.trim().toLowerCase();
  if (["l", "leave"].includes(answer)) return "leave";
  return ["r", "roll back", "rollback"].includes(answer) ? "roll back" : undefined;
}

/** Asks in a terminal, once; elsewhere, and at any other answer, roll-outs are left running: that loses nothing. */
async function askWhatToDo(names: readonly string[]): Promise<Choice> {
  if (!canAsk()) return "leave";
  const typed = await answerTo(`ECS goes on rolling out ${names.join(", ")}. (l)eave it running, or (r)oll back? `);
  return choiceOf(typed) ?? "leave";
}

/** What became of a run, after it was decided what becomes of the roll-outs that nobody waits for any longer. */
export async function decide(
  send: Send,
  outcome: Outcome,
  wanted: readonly Resource[],
  ask: (names: readonly string[]) => Promise<Choice> = askWhatToDo,
): Promise<Outcome> {
  const isLeft = ({ change, error }: Outcome["failed"][number]) =>
    change.kind === "service" && endingOf(error) === "interrupted";
  const names = outcome.failed.filter(isLeft).map(({ change }) => change.name);
  if (names.length === 0 || (await ask(names)) === "leave") return outcome;
  const failed = outcome.failed.map(async (one) => (isLeft(one) ? rolledBack(send, one, wanted) : one));
  return { ...outcome, failed: await Promise.all(failed) };
}

async function rolledBack(send: Send, { change }: Outcome["failed"][number], wanted: readonly Resource[]) {
  const { cluster, serviceName } = wanted.find(({ id }) => id === change.id)!.spec as SpecOf<"service">;
  const end = await stopDeployment(send, { cluster, service: serviceName });
  return { change, error: new EndingError("rolled back", `on request: ${end}`) };
}
