import { SingleBar } from "cli-progress";
import type { Progress } from "./import.ts";

export interface ProgressView {
  show(progress: Progress): void;
  end(): void;
}

/** Milliseconds between two lines of the same stage. */
const LINE_EVERY = 3000;

/** Draws the progress: a bar in a terminal, elsewhere a line at each stage and every few seconds. */
export function progressView(stream: NodeJS.WriteStream): ProgressView {
  return stream.isTTY ? bar(stream) : lines(stream);
}

function bar(stream: NodeJS.WriteStream): ProgressView {
  const started = performance.now();
  const format = "{stage} [{bar}] {percentage} %  {rows} rows, {rate} rows/s, {eta_formatted} left";
  const drawn = new SingleBar({ stream, format, hideCursor: true, gracefulExit: false, barsize: 30 });
  return {
    show({ stage, bytes, totalBytes, rows }) {
      const values = { stage: stage.padEnd(8), rows, rate: perSecond(rows, started) };
      if (drawn.isActive) drawn.update(bytes, values);
      else drawn.start(totalBytes, bytes, values);
    },
    end: () => drawn.stop(),
  };
}

function lines(stream: NodeJS.WriteStream): ProgressView {
  const started = performance.now();
  let stageBefore = "";
  let written = -Infinity;
  return {
    show({ stage, bytes, totalBytes, rows }) {
      const now = performance.now();
      if (stage === stageBefore && now - written < LINE_EVERY) return;
      stageBefore = stage;
      written = now;
      const percent = totalBytes === 0 ? 100 : Math.floor((bytes / totalBytes) * 100);
      stream.write(`${stage}: ${percent} %, ${rows} rows, ${perSecond(rows, started)} rows/s\n`);
    },
    end() {},
  };
}

const perSecond = (rows: number, started: number): number =>
  Math.round((rows * 1000) / Math.max(1, performance.now() - started));
