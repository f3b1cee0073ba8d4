import type { Report, WorkReport } from "./report.ts";

const WIDTH = 760;
const LABEL = 210;
const BAR = { height: 20, gap: 6 };
/** Free space to the right of the longest bar, for its figures. */
const RIGHT = 150;

/** Requests a second as bars, a group for each work. Beside a baseline stands how many times its figure ours is. */
export function chartOf({ machine, works }: Report): string {
  let y = 34;
  const groups = works.map((work) => {
    const group = groupOf(work, y);
    y += 40 + work.candidates.length * (BAR.height + BAR.gap);
    return group;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y + 14}" viewBox="0 0 ${WIDTH} ${y + 14}" font-family="system-ui, sans-serif" font-size="13">
<rect width="100%" height="100%" fill="#fff"/>
<text x="12" y="20" fill="#555">Requests/s, median; ${escaped(machine.processor)}, Node ${machine.node}, ${machine.date}</text>
${groups.join("\n")}
</svg>
`;
}

function groupOf({ title, candidates, goals }: WorkReport, top: number): string {
  const most = Math.max(...candidates.map(({ perSecond }) => perSecond.max));
  const scale = (value: number) => LABEL + (value / most) * (WIDTH - LABEL - RIGHT);
  const ours = goals[0]?.candidate;
  const bars = candidates.map(({ name, perSecond: { median, min, max } }, i) => {
    const y = top + 26 + i * (BAR.height + BAR.gap);
    const middle = y + BAR.height / 2;
    const ratio = goals.find(({ baseline, candidate }) => baseline === name && candidate === ours)?.ratio.median;
    const figures = median.toFixed(0) + (ratio === undefined ? "" : ` · ours ${ratio.toFixed(2)} ×`);
    return `<text x="${LABEL - 8}" y="${middle + 5}" text-anchor="end" fill="#222">${escaped(name)}</text>
<rect x="${LABEL}" y="${y}" width="${(scale(median) - LABEL).toFixed(1)}" height="${BAR.height}" fill="${name === ours ? "#2563eb" : "#a8b3c2"}"/>
<path d="M${scale(min).toFixed(1)} ${middle}H${scale(max).toFixed(1)}" stroke="#111" stroke-opacity="0.5"/>
<text x="${(scale(max) + 8).toFixed(1)}" y="${middle + 5}" fill="#222">${figures}</text>`;
  });
  return `<text x="12" y="${top + 16}" font-weight="600" fill="#111">${escaped(title)}</text>\n${bars.join("\n")}`;
}

const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
