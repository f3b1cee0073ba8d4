import { durationText } from "../duration.ts";
import { count, counted, eventText } from "../event-text.ts";
import type { TimedEvent } from "../events.ts";
import { SIDES } from "../../../services/chassis/src/ownership/standing.ts";
import type { Figures, ModuleFigures } from "./figures.ts";
import { html, type Markup } from "./markup.ts";
import { clock } from "./scales.ts";
import { binsOf, type Bin, type ModuleTimeline } from "./timeline.ts";
import { msText } from "./words.ts";

/** A table that can be moved sideways where it is wider than the screen. */
const table = (head: Markup, rows: readonly Markup[]): Markup =>
  html`<div class="scroll">
    <table>
      <thead>
        ${head}
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;

const heads = (...titles: readonly string[]): Markup[] => titles.map((title) => html`<th scope="col">${title}</th>`);
const numberHeads = (...titles: readonly string[]): Markup[] =>
  titles.map((title) => html`<th scope="col" class="number">${title}</th>`);
const row = (name: string, cells: Markup | readonly Markup[]): Markup =>
  html`<tr>
    <th scope="row">${name}</th>
    ${cells}
  </tr>`;
const numbers = (...texts: readonly string[]): Markup[] => texts.map((text) => html`<td class="number">${text}</td>`);

/** A line for each module: what was copied, whether both sides are the same, how long writes waited. */
export function moduleTable({ modules }: Figures): Markup {
  const rows = modules.map((one) => {
    const { rows = 0, rate = 0 } = one.copied ?? {};
    const copied = numbers(one.copied ? count(rows) : "–", rate > 0 ? count(rate) : "–");
    return row(
      one.module,
      html`${copied}
        <td class="roomy">${verifiedCell(one)}</td>
        <td class="roomy">${handoverCell(one)}</td>`,
    );
  });
  const head = html`<tr>
    ${heads("module")}${numberHeads("rows copied", "rows/s")}${heads("both sides compared", "handovers: writes waited")}
  </tr>`;
  return html`<section class="card">
    <h2>Modules</h2>
    ${table(head, rows)}
  </section>`;
}

/** So many differences are listed. */
const LISTED = 50;

function verifiedCell({ verified, failed }: ModuleFigures): Markup {
  const failures = failed.map(({ step }) => html` <span class="bad verdict">${step} failed</span>`);
  if (!verified) return html`–${failures}`;
  const { rows, answers, differences } = verified;
  const compared = html`<span class="soft">${counted(rows, "row")}, ${counted(answers, "answer")}</span>${failures}`;
  if (differences.length === 0) return html`<span class="good verdict">equal</span> ${compared}`;
  const more = differences.length > LISTED && html`<li>and ${count(differences.length - LISTED)} more</li>`;
  return html`<span class="bad verdict">${counted(differences.length, "difference")}</span> ${compared}
    <ul class="differences">
      ${differences.slice(0, LISTED).map((one) => html`<li>${one}</li>`)}${more}
    </ul>`;
}

const handoverCell = ({ handovers }: ModuleFigures): string =>
  handovers.map(({ to, stall }) => `to the ${to}: ${durationText(stall)}`).join("; ") || "–";

/** Lines of a table of figures, at most. */
const LINES = 60;

/** The figures that a drawing shows. */
export function figuresTable(timelines: readonly ModuleTimeline[], range: { from: number; to: number }): Markup {
  const sides = SIDES.map((side) =>
    binsOf(
      timelines.flatMap(({ looks }) => looks[side]),
      range,
      LINES,
    ),
  );
  const begins = [...new Set(sides.flat().map(({ from }) => from))].sort((a, b) => a - b);
  if (begins.length === 0) return html`<p class="soft">No traffic was seen.</p>`;
  const cells = (bin: Bin | undefined) =>
    numbers(bin?.rate.toFixed(1) ?? "–", bin ? count(bin.errors) : "–", msText(bin?.p50), msText(bin?.p99));
  const rows = begins.map((from) =>
    row(
      clock(from - range.from),
      sides.flatMap((bins) => cells(bins.find((bin) => bin.from === from))),
    ),
  );
  const columns = numberHeads("requests/s", "5xx", "p50", "p99");
  const groups = SIDES.map((side) => html`<th scope="colgroup" colspan="4">${side}</th>`);
  const head = html`<tr>
      <td></td>
      ${groups}
    </tr>
    <tr>
      ${heads("from")}${columns}${columns}
    </tr>`;
  return html`<details>
    <summary>The same as a table</summary>
    ${table(head, rows)}
  </details>`;
}

/** Everything that happened, in words. */
export function eventList(events: readonly TimedEvent[], begin: number): Markup {
  const rows = events.flatMap((event) => {
    const text = eventText(event);
    return text === undefined ? [] : [row(clock(event.at - begin), html`<td>${text}</td>`)];
  });
  return html`<section class="card">
    <h2>What happened</h2>
    <details>
      <summary>${counted(rows.length, "event")}</summary>
      ${table(
        html`<tr>
          ${heads("at", "what")}
        </tr>`,
        rows,
      )}
    </details>
  </section>`;
}
