import { durationText } from "../duration.ts";
import { count, counted } from "../event-text.ts";
import type { Figures, ModuleFigures } from "./figures.ts";

/** What the cutover came to, in a sentence. */
export function headline({ requests, failed, outcome, modules }: Figures): string {
  const moved = modules.filter(({ handovers }) => handovers.length > 0);
  const moves = moved.reduce((sum, { handovers }) => sum + handovers.length, 0);
  const what =
    moved.length === 0 ? "No module has moved" : `${list(moved.map(({ module }) => module))} ${whither(moved, moves)}`;
  const ofRequests =
    requests === 0 ? "" : `; ${failed === 0 ? "none" : count(failed)} of ${counted(requests, "request")} failed`;
  const writes = outcome ? lostText(outcome) : "";
  return `${what}${ofRequests}${writes}.`;
}

function whither(moved: readonly ModuleFigures[], moves: number): string {
  const owners = new Set(moved.map(({ handovers }) => handovers.at(-1)!.to));
  const now =
    owners.size > 1 ? "partly with services" : owners.has("service") ? "with the services" : "with the monolith";
  return moves > moved.length
    ? `moved ${moves} times and are now ${now}`
    : `moved and ${moved.length > 1 ? "are" : "is"} now ${now}`;
}

function lostText({ lost, doubled }: { lost: number; doubled: number }): string {
  const isLost = lost === 0 ? "no write was lost" : `${counted(lost, "write")} ${lost === 1 ? "was" : "were"} lost`;
  return doubled === 0
    ? `, and ${isLost}`
    : `, ${isLost}, and ${count(doubled)} ${doubled === 1 ? "is" : "are"} there twice`;
}

/** `users, threads and posts`. */
const list = (names: readonly string[]): string => new Intl.ListFormat("en-GB", { type: "conjunction" }).format(names);

/** The verdict in a few words. */
export const VERDICTS: Record<Figures["verdict"], string> = {
  good: "All went well",
  bad: "Something went wrong",
  unfinished: "Not finished",
};

/** `82 ms`, or a dash for what is not known. */
export const msText = (ms: number | undefined): string => (ms === undefined ? "–" : durationText(ms));
