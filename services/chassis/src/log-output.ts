import { writeSync } from "node:fs";

/** Characters that are written together, and milliseconds after which they are written however few they are. */
const ENOUGH = 4096;
const INTERVAL = 100;
/** Milliseconds between two tries to write to a reader that is slow, and how many there are. */
const PAUSE = 10;
const TRIES = 100;

/** Lines for a file descriptor. */
export interface LineOutput {
  write(line: string): void;
  flushSync(): void;
}

/**
 * Writes some lines at a time, in their order; what is unwritten when the process ends is written then. Lines that nobody
 * reads any more, or not for a second, are dropped: a log must not stop a service.
 */
export function lineOutput(fd: number, write: typeof writeSync = writeSync): LineOutput {
  let text = "";
  const flushSync = () => {
    const bytes = Buffer.from(text);
    text = "";
    writeAll(bytes, (rest) => write(fd, rest));
  };
  setInterval(flushSync, INTERVAL).unref();
  process.once("exit", flushSync);
  return {
    write(line) {
      text += line;
      if (text.length >= ENOUGH) flushSync();
    },
    flushSync,
  };
}

function writeAll(bytes: Buffer, write: (rest: Buffer) => number): void {
  let left = TRIES;
  for (let done = 0; done < bytes.length && left > 0;) {
    try {
      done += write(bytes.subarray(done));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return;
      left -= 1;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}
