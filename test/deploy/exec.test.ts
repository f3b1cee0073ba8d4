import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import type { Task } from "@aws-sdk/client-ecs";
import { reader, type Send } from "../../infra/deploy/ask.ts";
import { assertPlugin, enter, quoted } from "../../infra/deploy/exec/plugin.ts";
import { entranceOf } from "../../infra/deploy/exec/task.ts";
import { infra } from "./command.ts";
import { environment } from "./support.ts";

const arn = (id: string) => `arn:aws:ecs:us-east-1:111122223333:task/forum-dev/${id}`;
const task = (id: string, changed: Partial<Task> = {}, agent = "RUNNING"): Task => ({
  taskArn: arn(id),
  lastStatus: "RUNNING",
  enableExecuteCommand: true,
  containers: [
    {
      name: "users",
      runtimeId: `${id}-265927825`,
      managedAgents: [{ name: "ExecuteCommandAgent", lastStatus: agent }],
    },
  ],
  ...changed,
});

describe("which task is entered", () => {
  const choose = (tasks: Task[], begins?: string, exec = true) => {
    const send: Send = async (_, operation) =>
      operation === "ListTasks" ? { taskArns: tasks.map(({ taskArn }) => taskArn) } : { tasks };
    return entranceOf(reader(send), environment({ exec }), "users", begins);
  };
  const refuses = (tasks: Task[], reason: RegExp, begins?: string, exec?: boolean) =>
    assert.rejects(choose(tasks, begins, exec), { name: "UserError", message: reason });

  test("one that is running, with Exec on and its agent ready", async () => {
    const tasks = [
      task("a1", { lastStatus: "PENDING" }),
      task("b1", { enableExecuteCommand: false }),
      task("c1", {}, "PENDING"),
      task("d1"),
    ];
    assert.deepEqual(await choose(tasks), {
      cluster: "forum-dev",
      taskArn: arn("d1"),
      taskId: "d1",
      container: "users",
      runtimeId: "d1-265927825",
    });
  });

  test("or the one that is asked for", async () => {
    assert.equal((await choose([task("a1"), task("b1")], "b")).taskId, "b1");
    await refuses([task("a1"), task("b1")], /begins with c: a1, b1/, "c");
  });

  test("none, where nothing runs or nothing is deployed", async () => {
    await refuses([], /No task of users is running. To see why: npm run infra -- status --env dev/);
    const send: Send = async () => Promise.reject(Object.assign(new Error(), { name: "ClusterNotFoundException" }));
    await assert.rejects(entranceOf(reader(send), environment(), "users"), /No task of users is running/);
  });

  test("none, where Exec is off: which setting to change, and that new tasks are needed", async () => {
    const closed = [task("a1", { enableExecuteCommand: false })];
    await refuses(
      closed,
      /Say "exec": true in .*environments\/dev.json, then .*deploy --env dev: .* new tasks/,
      "",
      false,
    );
    await refuses(closed, /older than the setting/);
  });

  test("none, while the agent is not ready", async () => {
    await refuses([task("a1", {}, "STOPPED")], /agent of ECS Exec in task a1 is STOPPED/);
  });
});

describe("the session", () => {
  let folder: string;
  const { PATH } = process.env;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "plugin-"));
    process.env["PATH"] = `${folder}:${path.dirname(process.execPath)}:/usr/bin:/bin`;
  });
  afterEach(async () => {
    process.env["PATH"] = PATH;
    await rm(folder, { recursive: true });
  });

  /** A program in the place of AWS's. */
  async function install(version: string, script = ""): Promise<void> {
    const file = path.join(folder, "session-manager-plugin");
    await writeFile(file, `#!/bin/sh\nif [ "$1" = --version ]; then echo ${version}; exit; fi\n${script}\n`);
    await chmod(file, 0o755);
  }

  test("needs the plugin, not too old", async () => {
    await assert.rejects(assertPlugin(), /session-manager-plugin, which is not on the PATH. To get it: https:/);
    await install("1.2.463.0");
    await assert.rejects(assertPlugin(), /1.2.463.0 is older than 1.2.497/);
    for (const version of ["1.2.497.0", "1.2.553.0", "1.10.0.0", "2.0.0.0"]) {
      await install(version);
      await assertPlugin();
    }
  });

  test("is that which ECS answers; its token is in no argument, and the plugin's exit code counts", async () => {
    await install(
      "1.2.553.0",
      `for word; do echo "$word"; done > ${folder}/words\necho "$AWS_SSM_START_SESSION_RESPONSE" > ${folder}/session\nexit 3`,
    );
    const sent: unknown[] = [];
    const send: Send = async (...call) => {
      sent.push(call);
      return { session: { sessionId: "ecs-execute-command-1", streamUrl: "wss://x", tokenValue: "very secret" } };
    };
    const entrance = { cluster: "forum-dev", taskArn: arn("a1"), taskId: "a1", container: "users", runtimeId: "a1-2" };
    assert.equal(await enter(send, "eu-west-1", entrance, ["node", "-p", "1 + 1"]), 3);
    const input = {
      cluster: "forum-dev",
      task: arn("a1"),
      container: "users",
      interactive: true,
      command: "node -p '1 + 1'",
    };
    assert.deepEqual(sent, [["ecs", "ExecuteCommand", input]]);
    assert.deepEqual((await readFile(path.join(folder, "words"), "utf8")).split("\n"), [
      ...["AWS_SSM_START_SESSION_RESPONSE", "eu-west-1", "StartSession", ""],
      ...['{"Target":"ecs:forum-dev_a1_a1-2"}', "https://ssm.eu-west-1.amazonaws.com", ""],
    ]);
    assert.deepEqual(JSON.parse(await readFile(path.join(folder, "session"), "utf8")), {
      SessionId: "ecs-execute-command-1",
      StreamUrl: "wss://x",
      TokenValue: "very secret",
    });
    assert.equal(process.listenerCount("SIGINT"), 0);
  });

  test("is refused by the verb, in words, where the plugin is missing", async () => {
    const { exitCode, stderr, stdout } = await infra("exec", "users");
    assert.equal(exitCode, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /^ECS Exec needs AWS's program session-manager-plugin/);
    assert.match((await infra("exec", "--help")).stdout, /--task <id>/);
  });
});

test("words are quoted for whoever splits them", () => {
  assert.equal(quoted(["node", "-e", "console.log('x y')", ""]), `node -e 'console.log('\\''x y'\\'')' ''`);
});
