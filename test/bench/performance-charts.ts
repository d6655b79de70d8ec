/** The charts of docs/performance.md, as SVG for light and dark pages. Pure. */
import type { Sample } from './memory/memory.ts';

const WIDTH = 720;
const STYLE = [
  '<style>',
  'text{font:13px system-ui,sans-serif;fill:#24292f}.head,.ours{font-weight:600}.small{font-size:11px;fill:#57606a}',
  '.bar{fill:#6e7781}.bar.ours{fill:#4c8dff}.grid{stroke:#8c959f;stroke-opacity:.3}.line{fill:none;stroke:#4c8dff;stroke-width:2}',
  '@media(prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9198a1}}',
  '</style>',
];

function svg(title: string, height: number, content: readonly string[]): string {
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title">`,
    `<title id="title">${title}</title>`,
    ...STYLE,
    `<text class="head" x="0" y="18">${title}</text>`,
    ...content,
    '</svg>',
  ].join('\n')}\n`;
}

const BAR = { top: 34, height: 26, from: 250, width: 400 };

/** Horizontal bars. Those of ecs-ramp stand out. */
export function bars(
  title: string,
  rows: readonly { readonly name: string; readonly value: number }[],
): string {
  const most = Math.max(...rows.map(({ value }) => value));
  const content = rows.flatMap(({ name, value }, index) => {
    const y = BAR.top + index * BAR.height;
    const width = (BAR.width * value) / most;
    const ours = name.startsWith('ecs-ramp') ? ' ours' : '';
    return [
      `<text class="name${ours}" x="${BAR.from - 10}" y="${y + 15}" text-anchor="end">${name}</text>`,
      `<rect class="bar${ours}" x="${BAR.from}" y="${y + 3}" width="${width.toFixed(1)}" height="16" rx="2"/>`,
      `<text class="small" x="${(BAR.from + width + 6).toFixed(1)}" y="${y + 15}">${value.toFixed(2)}</text>`,
    ];
  });
  return svg(title, BAR.top + rows.length * BAR.height + 8, content);
}

const LINE = { top: 34, bottom: 214, from: 40, to: WIDTH - 20, minutes: 60, megabytes: 160 };

/** Resident memory over the minutes of a release. */
export function lines(samples: readonly Sample[]): string {
  const x = (minutes: number) => LINE.from + ((LINE.to - LINE.from) * minutes) / LINE.minutes;
  const y = (megabytes: number) => LINE.bottom - ((LINE.bottom - LINE.top) * megabytes) / LINE.megabytes;
  const shown = samples.filter(({ minutes }) => minutes <= LINE.minutes);
  const points = shown.map(({ minutes, megabytes }) => `${x(minutes).toFixed(1)},${y(megabytes).toFixed(1)}`);
  return svg('Memory during a release of an hour, MB', LINE.bottom + 36, [
    ...[0, 40, 80, 120, 160].flatMap((megabytes) => [
      `<line class="grid" x1="${LINE.from}" y1="${y(megabytes)}" x2="${LINE.to}" y2="${y(megabytes)}"/>`,
      `<text class="small" x="${LINE.from - 6}" y="${y(megabytes) + 4}" text-anchor="end">${megabytes}</text>`,
    ]),
    ...[0, 10, 20, 30, 40, 50, 60].map(
      (minutes) =>
        `<text class="small" x="${x(minutes)}" y="${LINE.bottom + 16}" text-anchor="middle">${minutes}</text>`,
    ),
    `<text class="small" x="${LINE.to}" y="${LINE.bottom + 32}" text-anchor="end">minutes</text>`,
    `<polyline class="line" points="${points.join(' ')}"/>`,
  ]);
}
