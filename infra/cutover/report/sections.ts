import { count } from "../event-text.ts";
import { STEPS } from "../events.ts";
import { chart } from "./chart.ts";
import type { Figures } from "./figures.ts";
import { html, type Markup } from "./markup.ts";
import { figuresTable } from "./tables.ts";
import type { ModuleTimeline } from "./timeline.ts";
import { msText } from "./words.ts";

/** The figures at the top. */
export function tiles({ requests, failed, outcome, longestStall, copyRate, phases }: Figures): Markup {
  const tile = (name: string, value: string | Markup, note?: string) =>
    html`<div class="tile">
      <dt>${name}</dt>
      <dd>${value}</dd>
      ${note && html`<dd class="note">${note}</dd>`}
    </div>`;
  const p99 = phases.map(({ name, p99 }) => html`<div><small>${name}</small>${msText(p99)}</div>`);
  return html`<dl class="tiles">
    ${tile("requests", count(requests))}
    ${tile("failed", count(failed), outcome ? "no answer, or 5xx" : "answered 5xx")}
    ${tile("writes lost", outcome ? count(outcome.lost) : "–", outcome ? `${count(outcome.doubled)} there twice` : "nobody has looked for them")}
    ${tile("longest write stall", msText(longestStall), outcome || longestStall === undefined ? undefined : "in the handovers")}
    ${tile("rows copied", copyRate === undefined ? "–" : count(copyRate), copyRate === undefined ? undefined : "per second")}
    <div class="tile wide">
      <dt>p99 of all requests</dt>
      <dd class="phases">${p99.length > 0 ? p99 : "–"}</dd>
    </div>
  </dl>`;
}

/** Widths in pixels, of a screen and of a phone: each has a drawing of its own, so that texts stay readable. */
const WIDE = 1000;
const NARROW = 380;

/** A drawing with its legend, and the figures in a table. */
export function chartSection(
  title: string,
  id: string,
  timelines: readonly ModuleTimeline[],
  range: { from: number; to: number },
): Markup {
  const steps = STEPS.filter((step) => timelines.some(({ spans }) => spans.some((span) => span.step === step)));
  const entry = (name: string, className: string) => html`<li><i class="${className}"></i>${name}</li>`;
  const draw = (width: number, suffix: string) =>
    chart({
      id: `${id}-${suffix}`,
      title: `${title}: requests, latencies and errors of both sides`,
      timelines,
      range,
      width,
    });
  return html`<section class="card">
    <h2>${title}</h2>
    <ul class="legend">
      ${entry("monolith", "of-monolith")}${entry("service", "of-service")}${steps.map((step) =>
        entry(step, step === "handover" ? "of-handover" : step),
      )}
    </ul>
    <div class="wide-only">${draw(WIDE, "wide")}</div>
    <div class="narrow">${draw(NARROW, "narrow")}</div>
    ${figuresTable(timelines, range)}
  </section>`;
}
