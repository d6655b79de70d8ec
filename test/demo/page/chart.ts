import { type Html, html } from './html.ts';
import { type Counted, type Period, periodsOf, type Run, totalOf } from './run.ts';

/** Units of the drawing are pixels on a phone. */
const WIDTH = 340;
const EDGE = { left: 44, right: 12 } as const;
/** The three panels: their top, and their height. */
const SHARE = { top: 22, height: 74 } as const;
const REQUESTS = { top: 134, height: 64 } as const;
const FAILED = { top: 236, height: 44 } as const;
const HEIGHT = 318;

/** Hidden: the stripes that tell the new revision apart without its colour. Once a page. */
export const STRIPES = html`<svg width="0" height="0" style="position: absolute" aria-hidden="true">
  <pattern id="new" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
    <rect width="4" height="4" class="new" />
    <line x1="0" y1="0" x2="0" y2="4" class="stripe" />
  </pattern>
</svg>`;

interface Panel {
  readonly top: number;
  readonly height: number;
}

/**
 * Three panels with one time axis: the share of the new revision, and the requests and the failed
 * requests of both revisions in each period.
 */
export function chartOf(run: Run): Html {
  const { events, result } = run;
  const periods = periodsOf(events);
  const from = events[0]?.at ?? result.shares[0]?.at ?? 0;
  const to = Math.max(from + 1_000, events.at(-1)?.at ?? 0, result.shares.at(-1)?.at ?? 0);
  const x = (at: number) =>
    fixed(EDGE.left + ((WIDTH - EDGE.left - EDGE.right) * (clamp(at, from, to) - from)) / (to - from));
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${inWords(run, periods)}">
    ${frame('New revision’s share of the traffic', SHARE, '100%')} ${ladder(run, to, x)}
    ${bars(periods, 'requests', `Requests${each(periods)}`, REQUESTS, x)}
    ${bars(periods, 'failed', 'Failed requests', FAILED, x)} ${rolledBack(run, x)}
    <text x="${EDGE.left}" y="${HEIGHT - 18}">0 s</text>
    <text x="${WIDTH - EDGE.right}" y="${HEIGHT - 18}" class="end">
      ${Math.round((to - from) / 1_000)} s after the start
    </text>
    <rect x="${EDGE.left}" y="${HEIGHT - 10}" width="10" height="8" fill="url(#new)" />
    <text x="${EDGE.left + 14}" y="${HEIGHT - 2}">new revision</text>
    <rect x="${EDGE.left + 100}" y="${HEIGHT - 10}" width="10" height="8" class="old" />
    <text x="${EDGE.left + 114}" y="${HEIGHT - 2}">old revision</text>
  </svg>`;
}

function frame(title: string, { top, height }: Panel, highest: string): Html {
  return html`<text x="${EDGE.left}" y="${top - 7}" class="title">${title}</text>
    <text x="${EDGE.left - 6}" y="${top + 9}" class="end">${highest}</text
    ><text x="${EDGE.left - 6}" y="${top + height}" class="end">0</text>
    <path
      class="grid"
      d="M${EDGE.left} ${top}H${WIDTH - EDGE.right}M${EDGE.left} ${top + height}H${WIDTH - EDGE.right}"
    />`;
}

type Axis = (at: number) => number;

function ladder({ result: { shares } }: Run, to: number, x: Axis): Html {
  const { top, height } = SHARE;
  const y = (percent: number) => fixed(top + height * (1 - percent / 100));
  const steps = shares.map(({ at, percent }) => `H${x(at)}V${y(percent)}`).join('');
  const labels = shares.slice(1).flatMap(({ at, percent }, index) => {
    const isFar = x(shares[index + 2]?.at ?? to) - x(at) > 22;
    return isFar && percent > 0
      ? [
          html`<text x="${x(at) + 2}" y="${percent > 75 ? y(percent) + 12 : y(percent) - 3}"
            >${Math.round(percent)}%</text
          >`,
        ]
      : [];
  });
  return html`<path
      fill="url(#new)"
      opacity="0.55"
      d="M${EDGE.left} ${y(0)}${steps}H${x(to)}V${y(0)}Z"
    /><path class="step" d="M${EDGE.left} ${y(0)}${steps}H${x(to)}" /> ${labels}`;
}

function bars(periods: readonly Period[], what: keyof Counted, title: string, panel: Panel, x: Axis): Html {
  const most = Math.max(1, ...periods.map(({ canary, stable }) => canary[what] + stable[what]));
  const framed = frame(title, panel, most.toLocaleString('en-US'));
  if (periods.length === 0) return html`${framed} ${note('no user reached the new revision', panel)}`;
  if (totalOf(periods, 'canary')[what] + totalOf(periods, 'stable')[what] === 0)
    return html`${framed} ${note('none', panel)}`;
  const bottom = panel.top + panel.height;
  const tall = (count: number) => fixed((panel.height * count) / most);
  return html`${framed}
  ${periods.map((period) => {
    const [left, right] = [x(period.from), x(period.to)];
    const width = fixed(Math.max(1, right - left - 0.7));
    const [old, fresh] = [tall(period.stable[what]), tall(period.canary[what])];
    return html`<rect
        class="old"
        x="${left}"
        y="${fixed(bottom - old)}"
        width="${width}"
        height="${old}"
      /><rect
        fill="url(#new)"
        x="${left}"
        y="${fixed(bottom - old - fresh)}"
        width="${width}"
        height="${fresh}"
      />`;
  })}`;
}

function note(text: string, { top, height }: Panel): Html {
  return html`<text x="${(EDGE.left + WIDTH - EDGE.right) / 2}" y="${top + height / 2 + 4}" class="middle"
    >${text}</text
  >`;
}

/** A line through all panels where the rollback was requested. */
function rolledBack({ events }: Run, x: Axis): Html {
  const at = events.find(({ kind }) => kind === 'rollback-requested')?.at;
  if (at === undefined) return html``;
  const isLeft = x(at) < WIDTH / 2;
  return html`<path class="back" d="M${x(at)} ${SHARE.top}V${FAILED.top + FAILED.height}" /><text
      x="${x(at) + (isLeft ? 4 : -4)}"
      y="${SHARE.top + 12}"
      class="title ${isLeft ? '' : 'end'}"
      >rolled back</text
    >`;
}

function inWords({ result }: Run, periods: readonly Period[]): string {
  const steps = result.shares.map(({ percent }) => `${Math.round(percent)}%`).join(', ');
  const table = periods.length > 0 ? ' The table below has the requests and the failures.' : '';
  return `The new revision’s share of the traffic over time: ${steps}.${table}`;
}

function each([first]: readonly Period[]): string {
  return first ? ` every ${(first.to - first.from) / 1_000} s` : '';
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

function fixed(value: number): number {
  return Number(value.toFixed(1));
}
