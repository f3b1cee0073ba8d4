import { forum } from "../../infra/forum.ts";
import { listen } from "../support/loopback.ts";
import { echoServer } from "./echo-target.ts";

/** Starts an echo target in this process for every service of the forum, by its name; the stack ends them. */
export async function localTargets(stack: AsyncDisposableStack): Promise<Record<string, URL[]>> {
  const targets: Record<string, URL[]> = {};
  for (const { name } of forum.services) targets[name] = [stack.use(await listen(echoServer(name))).url];
  return targets;
}
