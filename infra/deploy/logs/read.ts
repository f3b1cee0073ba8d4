import { shortOf } from "../arn.ts";
import type { Ask } from "../ask.ts";
import { orNone } from "../ask.ts";

export interface LogLine {
  /** Milliseconds since 1970. */
  time: number;
  /** First letters of the task's id: enough to tell tasks apart. */
  task: string;
  text: string;
  /** Of CloudWatch Logs; no two lines have the same. */
  id: string;
}

/** Lines of a log group since a moment (milliseconds since 1970), of all tasks in the order of time. */
export async function readLines(ask: Ask, logGroupName: string, startTime: number): Promise<LogLine[]> {
  const answers = await orNone(
    ask("logs", "FilterLogEvents", { logGroupName, startTime }),
    "ResourceNotFoundException",
  );
  return answers
    .flatMap(({ events }) => events ?? [])
    .map(({ timestamp = 0, logStreamName = "", message = "", eventId = "" }) => ({
      time: timestamp,
      task: shortOf(logStreamName).slice(0, 8),
      text: message,
      id: eventId,
    }))
    .toSorted((one, other) => one.time - other.time);
}
