/** A task that does the steps of one command, ordered over its standard input: a container takes a second to start. */
import { execa } from "execa";
import type { EventSink } from "../events.ts";
import { listener, parse, type Order } from "./one-off.ts";

export interface TaskServer {
  /**
   * Has something done and gives its result; the task is started when it is needed first. @param signal ends what goes on
   * until somebody ends it @throws UserError that the task has told
   */
  ask(args: string[], report: EventSink, signal?: AbortSignal): Promise<unknown>;
  /** Lets the task end; waits for what is under way. */
  close(): Promise<void>;
}

interface Waiting extends ReturnType<typeof listener> {
  settle: (why?: Error) => void;
}

/** @param command starts the task, which serves as long as its standard input is open */
export function taskServer([program = "", ...args]: string[], cwd: string): TaskServer {
  let server: ReturnType<typeof start> | undefined;
  let count = 0;

  const start = () => {
    // In a group of its own: Ctrl-C in the terminal is for this program, at whose end the task notices and ends as well.
    const child = execa(program, args, { cwd, reject: false, stdin: "pipe", detached: true });
    // That the task has gone is told by its end.
    child.stdin.on("error", () => {});
    const waiting = new Map<number, Waiting>();
    const read = async () => {
      for await (const text of child) {
        const line = parse(text);
        const one = waiting.get(line?.id ?? -1);
        one?.hear(text);
        if (line && !("event" in line)) one?.settle();
      }
      server = undefined;
      const why = new Error(`The task beside the databases has ended: ${reason(await child)}`);
      for (const one of waiting.values()) one.settle(why);
    };
    return { waiting, ended: read(), send: (order: Order) => child.stdin.write(`${JSON.stringify(order)}\n`), child };
  };

  return {
    async ask(args, report, signal) {
      const { waiting, send } = (server ??= start());
      const id = ++count;
      const stop = () => send({ id, stop: true });
      try {
        const heard = listener(report);
        await new Promise<void>((resolve, reject) => {
          waiting.set(id, { ...heard, settle: (why) => (why ? reject(why) : resolve()) });
          send({ id, args });
          signal?.addEventListener("abort", stop, { once: true });
          if (signal?.aborted) stop();
        });
        return heard.end()?.result;
      } finally {
        signal?.removeEventListener("abort", stop);
        waiting.delete(id);
      }
    },
    async close() {
      server?.child.stdin.end();
      await server?.ended;
    },
  };
}

/** What a program has said last, for people. */
export const reason = ({ stderr, message }: { stderr?: string | undefined; message?: string | undefined }): string =>
  stderr?.trim().split("\n").slice(-20).join("\n") || message || "it said nothing";
