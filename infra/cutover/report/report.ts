/** `--report FILE.html`: what a cutover did, as one page that needs nothing else. */
import { writeFile } from "node:fs/promises";
import { durationText } from "../duration.ts";
import type { TimedEvent } from "../events.ts";
import { summarize } from "./figures.ts";
import { html } from "./markup.ts";
import { chartSection, tiles } from "./sections.ts";
import { style } from "./style.ts";
import { eventList, moduleTable } from "./tables.ts";
import { rangeOf, timelinesOf } from "./timeline.ts";
import { headline, VERDICTS } from "./words.ts";

/** Writes the report of a recording; a file that is there is replaced. */
export const writeReport = (file: string, events: readonly TimedEvent[]): Promise<void> =>
  writeFile(file, renderReport(events));

/** The report as a page: HTML that is well-formed XML too, with its style and drawings inside. */
export function renderReport(recording: readonly TimedEvent[]): string {
  const events = [...recording].sort((a, b) => a.at - b.at);
  const range = rangeOf(events);
  const timelines = timelinesOf(events, range.to);
  const figures = summarize(events, range.to);
  const when = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
  const title = `Cutover of ${timelines.map(({ module }) => module).join(", ") || "nothing"}`;
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
      <title>${title}</title>
      <style>
        ${style}
      </style>
    </head>
    <body>
      <main>
        <header>
          <h1>${title}</h1>
          <p class="headline">
            <span class="verdict ${figures.verdict}">${VERDICTS[figures.verdict]}</span>${headline(figures)}
          </p>
          <p class="soft">${when.format(range.from)} UTC, for ${durationText(range.to - range.from)}</p>
        </header>
        ${tiles(figures)} ${moduleTable(figures)}
        ${timelines.length > 1 && chartSection("All modules", "all", timelines, range)}
        ${timelines.map((one, n) => chartSection(one.module, `module-${n}`, [one], range))}
        ${eventList(events, range.from)}
        <footer>
          Requests are those of clients, counted where the balancer sent them, by the metrics of every task; percentiles
          are read from histograms. Times are minutes and seconds since the beginning.
        </footer>
      </main>
    </body>
  </html> `;
  return `<!DOCTYPE html>\n${page.markup}`;
}
