import { pino, stdTimeFunctions, type Logger } from "pino";
import { lineOutput } from "./log-output.ts";
import { currentTrace } from "./trace.ts";

export type { Logger };

const STDOUT = 1;

/**
 * JSON lines on stdout, each with the service's name and, inside a request, its trace id. Some are written at a time;
 * what is unwritten when the process ends is written then, and after a fatal line at once.
 */
export function createLog(service: string, level: string): Logger {
  const options = {
    level,
    base: { service },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: () => {
      const trace = currentTrace();
      return trace ? { traceId: trace.id, ...(trace.amazon && { amznTraceId: trace.amazon }) } : {};
    },
  };
  // Not beside the work, in another thread: at the end of the process the lines would overtake one another.
  return pino(options, lineOutput(STDOUT));
}
