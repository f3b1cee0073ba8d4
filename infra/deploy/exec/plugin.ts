import type { Session } from "@aws-sdk/client-ecs";
import { execa } from "execa";
import { UserError } from "../../terminal/user-error.ts";
import type { Send } from "../ask.ts";
import type { Entrance } from "./task.ts";

const PLUGIN = "session-manager-plugin";
/** The first version that takes the session from its environment: the arguments of a process can be read by everybody. */
const OLDEST = [1, 2, 497];
const VARIABLE = "AWS_SSM_START_SESSION_RESPONSE";

/** Makes sure that AWS's program for sessions is here. @throws UserError that says how to get it */
export async function assertPlugin(): Promise<void> {
  const { failed, stdout } = await execa(PLUGIN, ["--version"], { reject: false });
  const how =
    "To get it: https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html";
  if (failed) throw new UserError(`ECS Exec needs AWS's program ${PLUGIN}, which is not on the PATH. ${how}`);
  if (isOlder(stdout.trim()))
    throw new UserError(`${PLUGIN} ${stdout.trim()} is older than ${OLDEST.join(".")}. ${how}`);
}

function isOlder(version: string): boolean {
  const parts = version.split(".").map(Number);
  const differing = OLDEST.findIndex((part, index) => part !== parts[index]);
  return differing !== -1 && !(parts[differing]! > OLDEST[differing]!);
}

/** Runs a program in the container, with this terminal as its own. The exit code is that of the plugin. */
export async function enter(send: Send, region: string, entrance: Entrance, command: string[]): Promise<number> {
  const { cluster, taskArn, taskId, container, runtimeId } = entrance;
  const input = { cluster, task: taskArn, container, interactive: true, command: quoted(command) };
  const { session = {} } = (await send("ecs", "ExecuteCommand", input)) as { session?: Session };
  const { sessionId, streamUrl, tokenValue } = session;
  const target = { Target: `ecs:${cluster}_${taskId}_${runtimeId}` };
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  // Ctrl-C is for the program in the container.
  const ignore = () => {};
  process.on("SIGINT", ignore);
  try {
    const { exitCode = 1 } = await execa(
      PLUGIN,
      [VARIABLE, region, "StartSession", "", JSON.stringify(target), `https://ssm.${region}.${domain}`],
      {
        stdio: "inherit",
        reject: false,
        env: { [VARIABLE]: JSON.stringify({ SessionId: sessionId, StreamUrl: streamUrl, TokenValue: tokenValue }) },
      },
    );
    return exitCode;
  } finally {
    process.off("SIGINT", ignore);
  }
}

/** Words as the agent splits them again: like a shell, but without one. */
export const quoted = (words: string[]): string =>
  words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ");
