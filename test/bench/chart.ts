import { DETECTORS } from './detectors/detectors.ts';
import type { Row } from './measure.ts';
import { MINUTES } from './scenarios.ts';

const WIDTH = 860;
const LINE = 30;
const TOP = 74;
const LABELS = 210;
const MINUTES_WIDTH = 380;
const ALARMS = LABELS + MINUTES_WIDTH + 40;
const ALARMS_WIDTH = WIDTH - ALARMS - 40;

const SHOWN = [
  { scenario: '0.5% errors', color: '#4c8dff' },
  { scenario: '1% errors', color: '#8a63d2' },
  { scenario: '5% errors', color: '#e0823d' },
  { scenario: '50% errors', color: '#d1495b' },
];
const LEVEL = 50;

const BLAMED = [
  { scenario: 'nothing wrong', className: 'bar' },
  { scenario: 'both arms fail 5% for 6 min', className: 'bar pale' },
];

/**
 * An SVG. Left: minutes to detection at 50 requests/s. Right: highest false alarm rate at any
 * traffic.
 */
export function chart(rows: readonly Row[]): string {
  const height = TOP + LINE * DETECTORS.length + 46;
  const lines = DETECTORS.map(({ name }, index) =>
    line(name, TOP + LINE * index + LINE / 2, { rows, index }),
  );
  const bottom = TOP + LINE * DETECTORS.length;
  const ticks = [1, 2, 5, 10, 20, 60].flatMap((minutes) => [
    `<line class="grid" x1="${x(minutes)}" y1="${TOP}" x2="${x(minutes)}" y2="${bottom}"/>`,
    `<text class="small" x="${x(minutes)}" y="${bottom + 16}" text-anchor="middle">${minutes}</text>`,
  ]);
  const legend = SHOWN.map(
    ({ scenario, color }, index) =>
      `<circle cx="${LABELS + 6 + index * 96}" cy="50" r="5" fill="${color}"/>` +
      `<text class="small" x="${LABELS + 16 + index * 96}" y="54">${scenario}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="title">`,
    `<title id="title">Minutes until a bad canary is found, and how often a good one is blamed, by detector</title>`,
    '<style>',
    'text{font:13px system-ui,sans-serif;fill:#24292f}.small{font-size:11px;fill:#57606a}.head,.ours{font-weight:600}',
    '.grid{stroke:#8c959f;stroke-opacity:.3}.bar{fill:#6e7781}.bar.ours{fill:#4c8dff}.pale{fill-opacity:.45}',
    '@media(prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9198a1}}',
    '</style>',
    `<text class="head" x="${LABELS}" y="24">Minutes to detection, ${LEVEL} requests/s, canary 10%</text>`,
    `<text class="head" x="${ALARMS}" y="24">Good canaries blamed</text>`,
    `<text class="small" x="${ALARMS}" y="42">worst level; dark: nothing wrong,</text>`,
    `<text class="small" x="${ALARMS}" y="57">pale: both arms fail 5% for 6 min</text>`,
    ...legend,
    ...ticks,
    ...lines,
    `<text class="small" x="${x(MINUTES)}" y="${bottom + 32}" text-anchor="end">minutes; on the edge: not within the hour</text>`,
    '</svg>',
    '',
  ].join('\n');
}

interface Of {
  readonly rows: readonly Row[];
  readonly index: number;
}

function line(name: string, y: number, of: Of): string {
  const ours = of.index === DETECTORS.length - 1;
  const dots = SHOWN.map(({ scenario, color }, place) => {
    const row = rowsOf(of.rows, scenario).find((one) => one.case.requestsPerSecond === LEVEL);
    const minutes = Math.min(row?.found[of.index]?.minutes ?? MINUTES, MINUTES);
    return `<circle cx="${x(minutes)}" cy="${y + (place - 1.5) * 4}" r="5" fill="${color}"/>`;
  });
  return [
    `<text${ours ? ' class="ours"' : ''} x="${LABELS - 12}" y="${y + 4}" text-anchor="end">${name}</text>`,
    ...dots,
    ...BLAMED.map(({ scenario, className }, place) => {
      const worst = Math.max(...rowsOf(of.rows, scenario).map((row) => row.found[of.index]?.blamed ?? 0));
      const [width, top] = [Math.max(1, ALARMS_WIDTH * worst), y - 11 + 12 * place];
      return (
        `<rect class="${className}${ours ? ' ours' : ''}" x="${ALARMS}" y="${top}" width="${width.toFixed(1)}" height="9"/>` +
        `<text class="small" x="${(ALARMS + width + 6).toFixed(1)}" y="${top + 8}">${Number((100 * worst).toFixed(1))}%</text>`
      );
    }),
  ].join('');
}

const rowsOf = (rows: readonly Row[], scenario: string): readonly Row[] =>
  rows.filter((row) => row.case.scenario.name === scenario);

/** Logarithmic axis from 1 minute to an hour. */
const x = (minutes: number): number =>
  Math.round(LABELS + 8 + (MINUTES_WIDTH - 16) * (Math.log(minutes) / Math.log(MINUTES)));
