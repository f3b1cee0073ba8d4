import type { Markup } from "./markup.ts";

/** The style sheet: light or dark as the reader's system is, for wide screens and phones. */
export const style: Markup = {
  markup: `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --line: #e3e6ec; --grid: #eceff3; --text: #14181f; --soft: #5c6675;
  --monolith: #c2570c; --service: #2563eb; --good: #157f3d; --bad: #c81e1e; --open: #946200;
  --prepare: #7c5cc4; --verify: #0f8a8a; --shift: #b0891a; --handover: #d1366f; --retire: #64748b;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --card: #151b24; --line: #283140; --grid: #212936; --text: #e8ecf2; --soft: #95a1b3;
    --monolith: #fb923c; --service: #60a5fa; --good: #4ade80; --bad: #f87171; --open: #fbbf24;
    --prepare: #a78bfa; --verify: #2dd4bf; --shift: #e3bb4b; --handover: #f472a6; --retire: #94a3b8;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 15px; font-weight: 600; color: var(--soft); margin: 0; }
h2 { font-size: 18px; margin: 0 0 4px; }
p { margin: 0; }
.headline { font-size: clamp(23px, 4.4vw, 34px); line-height: 1.15; font-weight: 700; letter-spacing: -.02em; margin: 10px 0 8px; text-wrap: balance; }
.verdict::before { content: ""; display: inline-block; width: .5em; height: .5em; border-radius: 50%; margin-right: .35em; vertical-align: .08em; background: currentColor; }
.good { color: var(--good); } .bad { color: var(--bad); } .unfinished { color: var(--open); }
.headline .verdict { display: block; font-size: 15px; font-weight: 600; letter-spacing: 0; margin-bottom: 8px; }
.soft { color: var(--soft); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(128px, 1fr)); gap: 12px; margin: 24px 0; padding: 0; }
.tile, .card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.tile { padding: 14px 16px; margin: 0; }
.tile dt { font-size: 13px; color: var(--soft); }
.tile dd { margin: 2px 0 0; font-size: 26px; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -.01em; white-space: nowrap; }
.tile dd small { font-size: 14px; font-weight: 500; color: var(--soft); letter-spacing: 0; }
.tile dd.note { font-size: 13px; font-weight: 400; color: var(--soft); white-space: normal; letter-spacing: 0; margin: 0; }
.tile.wide { grid-column: span 2; }
.tile dd.phases { display: grid; grid-template-columns: repeat(3, auto); gap: 0 14px; font-size: 20px; justify-content: start; } .phases div { min-width: 0; } .phases small { display: block; font-size: 13px; }
.card { padding: 20px; margin: 16px 0; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: 13px; color: var(--soft); margin: 4px 0 12px; padding: 0; list-style: none; }
.legend i { display: inline-block; width: 10px; height: 10px; border-radius: 3px; margin-right: 6px; background: var(--of); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { padding: 7px 12px 7px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { font-weight: 500; color: var(--soft); font-size: 13px; white-space: nowrap; }
tbody th { font-weight: 600; }
tbody tr:last-child > * { border-bottom: 0; }
td.roomy { min-width: 15em; }
.number { text-align: right; white-space: nowrap; }
.differences { margin: 4px 0 0; padding-left: 18px; overflow-wrap: anywhere; }
details { margin-top: 14px; font-size: 14px; }
summary { cursor: pointer; color: var(--soft); }
summary:focus-visible { outline: 2px solid var(--service); outline-offset: 2px; border-radius: 4px; }
footer { color: var(--soft); font-size: 13px; margin-top: 24px; }
svg { display: block; width: 100%; height: auto; font: 11px system-ui, sans-serif; }
svg.narrow, .narrow { display: none; }
@media (max-width: 640px) {
  main { padding: 20px 12px 40px; }
  .card { padding: 14px 12px; }
  .wide-only { display: none; }
  .narrow { display: block; }
  .tiles { grid-template-columns: 1fr 1fr; gap: 8px; grid-auto-flow: dense; }
  .tile { padding: 10px 12px; } .tile dd { font-size: 21px; }
}
svg text { fill: var(--text); }
.tick, .heading { fill: var(--soft); } .heading { font-weight: 500; }
.row { font-weight: 600; }
.grid { stroke: var(--grid); } .base { stroke: var(--line); }
.area { fill-opacity: .78; stroke: none; } .area.monolith { fill: var(--monolith); } .area.service { fill: var(--service); }
.line { fill: none; stroke-linejoin: round; stroke-linecap: round; }
.line.monolith { stroke: var(--monolith); } .line.service { stroke: var(--service); }
.line.p99 { stroke-width: 2; } .line.p50 { stroke-width: 1; stroke-opacity: .7; }
.line.weight { stroke: var(--service); stroke-width: 1.5; }
.error.monolith { fill: var(--monolith); } .error.service { fill: var(--service); } .error { stroke: var(--bad); }
.band { fill-opacity: .07; } .step { fill-opacity: .85; }
.prepare { fill: var(--prepare); --of: var(--prepare); } .verify { fill: var(--verify); --of: var(--verify); }
.shift { fill: var(--shift); --of: var(--shift); } rect.handover { fill: var(--handover); }
.of-handover { --of: var(--handover); } .retire { fill: var(--retire); --of: var(--retire); }
.of-monolith { --of: var(--monolith); } .of-service { --of: var(--service); }
.step.failed { stroke: var(--bad); stroke-width: 2; } .step.running { fill-opacity: .4; stroke: var(--open); stroke-dasharray: 3 2; }
text.label { fill: #fff; font-weight: 600; }
line.handover { stroke-width: 1.5; stroke-dasharray: 4 3; }
line.handover.monolith { stroke: var(--monolith); } line.handover.service { stroke: var(--service); }
text.label.monolith { fill: var(--monolith); } text.label.service { fill: var(--service); }
.hover { fill: transparent; } .hover:hover { fill: var(--text); fill-opacity: .08; }
@media (prefers-color-scheme: dark) { .step + text.label { fill: #0d1117; } }
@media print { body { background: none; } .card, .tile { break-inside: avoid; } }
`,
};
