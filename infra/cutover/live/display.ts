import { createLogUpdate } from "log-update";
import { stamped, type EventSink } from "../events.ts";
import { draw } from "./draw.ts";
import { plainLines } from "./plain.ts";
import { createView } from "./view.ts";

/** What shows people a cutover while it runs. */
export interface LiveView {
  event: EventSink;
  /** Leaves what is drawn as it is, until the next event: for whoever has something to write or to ask. */
  pause(): void;
  /** Draws the last state, which stays, and gives the cursor back. */
  end(): void;
}

/** Milliseconds between two drawings. */
const REDRAW = 200;

/**
 * Shows events: in a terminal a picture that is redrawn in place, elsewhere plain lines. The cursor comes back at `end`,
 * and also when the process ends otherwise, by Ctrl-C too.
 */
export function liveView(stream: NodeJS.WriteStream): LiveView {
  // A terminal of no width, as some programs make one, has nowhere to redraw.
  return stream.isTTY && stream.columns > 0 ? terminalView(stream) : plainView(stream);
}

function plainView(stream: NodeJS.WriteStream): LiveView {
  const lines = plainLines();
  return {
    event: (event) => lines(stamped(event)).forEach((line) => stream.write(`${line}\n`)),
    pause() {},
    end() {},
  };
}

function terminalView(stream: NodeJS.WriteStream): LiveView {
  const { view, apply } = createView();
  const update = createLogUpdate(stream);
  // The last column stays free: some terminals wrap when it is written.
  const picture = () =>
    draw(view, { now: Date.now(), columns: (stream.columns || 80) - 1, colour: stream.hasColors() }).join("\n");
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  const pause = () => {
    if (!timer) return;
    clearInterval(timer);
    timer = undefined;
    // Whole, even if it is higher than the terminal.
    update.persist(picture());
    update.done();
  };
  return {
    event(event) {
      apply(stamped(event));
      if (!ended) timer ??= setInterval(() => update(picture()), REDRAW).unref();
    },
    pause,
    end() {
      pause();
      ended = true;
    },
  };
}
