import type { ArmName, Minute } from '../../judge/recording.ts';
import { countsOf, sumOf, wasAsked } from '../minutes.ts';
import type { ArmsHealth } from '../../core/trail/event.ts';
import type { Story, EventOf } from '../story.ts';
import { count } from '../../core/quantity.ts';
import { durationInWords, latencyInWords, percentOf } from '../words.ts';
import { type Line, type Tone, padded, span, widthOf } from './line.ts';

/** How many of the last periods are summed up (LAST) and drawn (DRAWN). */
const LAST = 5;
const DRAWN = 12;

/**
 * Requests, errors, latency and tasks of both revisions side by side, for the last known periods.
 */
export function arms({ evaluation, rollback }: Story, columns: number): Line[] {
  if (!evaluation) return [];
  const asked = evaluation.minutes.filter(
    (minute) => wasAsked(minute, 'canary') || wasAsked(minute, 'stable'),
  );
  const last = asked.slice(-LAST);
  const counts = [requests(last, asked), failed(last, asked), latency(last, asked)];
  const rows = [
    ...(evaluation.arms === 'together' ? counts.map(ofBoth) : counts),
    tasks(rollback?.health ?? evaluation.health),
  ];
  return table(
    titleOf(last, evaluation),
    rows.flatMap((row) => row ?? []),
    columns,
  );
}

interface Cell {
  readonly text: string;
  /** Values over time, drawn as bars; absent: no bars. */
  readonly course?: readonly number[];
  readonly tone?: Tone;
}

interface Row {
  readonly name: string;
  readonly cells: Readonly<Record<ArmName, Cell>>;
}

const ARMS = ['canary', 'stable'] as const;

/** Requests that cannot be attributed to a revision. */
function ofBoth(row: Row | null): Row | null {
  return row && { name: `${row.name}, both`, cells: { ...row.cells, stable: { text: '–' } } };
}

function titleOf(last: readonly Minute[], { period }: EventOf<'evaluated'>): string {
  return last.length === 0 ? '' : `last ${durationInWords(last.length * period * 1_000)}`;
}

function requests(last: readonly Minute[], all: readonly Minute[]): Row | null {
  if (last.length === 0) return null;
  return row('requests', (arm) => ({
    text: count(sumOf(last, arm).requests),
    course: courseOf(all, (minute) => minute[arm]?.requests),
  }));
}

function failed(last: readonly Minute[], all: readonly Minute[]): Row | null {
  if (last.length === 0) return null;
  return row('failed', (arm) => {
    const { requests, errors } = sumOf(last, arm);
    return {
      text: share(errors, requests),
      course: courseOf(all, (minute) => part(minute[arm]?.errors, minute[arm]?.requests)),
    };
  });
}

/** The index of p90 among p50, p90 and p99. */
const P90 = 1;

function latency(last: readonly Minute[], all: readonly Minute[]): Row | null {
  if (sumOf(last, 'canary').timed > 0) {
    return row('slow (p90)', (arm) => {
      const { slow, timed } = sumOf(last, arm);
      return {
        text: share(slow[P90] ?? 0, timed),
        course: courseOf(all, (minute) => part(minute[arm]?.slow?.[P90], minute[arm]?.requests)),
      };
    });
  }
  if (p90s(last, 'canary').length === 0) return null;
  return row('latency, p90', (arm) => {
    const newest = p90s(last, arm).at(-1);
    return {
      text: newest === undefined ? '–' : latencyInWords(newest),
      course: p90s(all, arm).slice(-DRAWN),
    };
  });
}

function p90s(minutes: readonly Minute[], arm: ArmName): number[] {
  return countsOf(minutes, arm).flatMap(({ percentiles }) => percentiles?.[P90] ?? []);
}

function tasks(health: ArmsHealth): Row {
  return row('tasks', (arm) => {
    const { running, desired, unhealthyTargets, failedTasks = 0 } = health[arm];
    if (desired === 0 && failedTasks === 0) return { text: running === 0 ? 'none' : `${running} stopping` };
    const sick = [
      unhealthyTargets > 0 ? `, ${unhealthyTargets} unhealthy` : '',
      failedTasks > 0 ? `, ${failedTasks} failed` : '',
    ].join('');
    const isWell = sick === '' && running >= desired;
    return { text: `${running} of ${desired}${sick}`, tone: isWell ? 'plain' : 'bad' };
  });
}

function row(name: string, cell: (arm: ArmName) => Cell): Row {
  return { name, cells: { canary: cell('canary'), stable: cell('stable') } };
}

function courseOf(minutes: readonly Minute[], value: (minute: Minute) => number | undefined): number[] {
  return minutes.slice(-DRAWN).map((minute) => value(minute) ?? 0);
}

function share(part: number, whole: number): string {
  return whole === 0 ? '–' : percentOf(part, whole);
}

function part(some: number | undefined, whole: number | undefined): number | undefined {
  return some === undefined || !whole ? undefined : some / whole;
}

/** Three columns; the bars use the remaining width. */
function table(title: string, rows: readonly Row[], columns: number): Line[] {
  const left = Math.min(18, Math.max(...[title, ...rows.map(({ name }) => name)].map(widthOf)) + 2);
  const figures = Math.max(...rows.flatMap(({ cells }) => ARMS.map((arm) => widthOf(cells[arm].text))), 6);
  const each = Math.min(figures + DRAWN + 6, Math.floor((columns - 2 - left) / 2));
  const drawing = Math.min(DRAWN, each - figures - 3);
  const scaled = rows.map((row) => ({
    ...row,
    most: Math.max(...ARMS.flatMap((arm) => row.cells[arm].course ?? [0])),
  }));
  const head: Line = [
    span(padded(`  ${title}`, left + 2), 'faint'),
    ...ARMS.map((arm) => span(padded(padded(arm, figures, 'right'), each), arm)),
  ];
  const body = scaled.map(({ name, cells, most }): Line => {
    const own = name === 'requests';
    return [
      span(padded(`  ${name}`, left + 2), 'faint'),
      ...ARMS.flatMap((arm) => {
        const { text, course = [], tone = 'plain' } = cells[arm];
        // Shares use one scale for both arms; requests use one scale per arm.
        const top = own ? Math.max(0, ...course) : most;
        const heights =
          drawing < 4
            ? ''
            : course
                .slice(-drawing)
                .map((value) => height(value, top))
                .join('');
        const figure = padded(text, figures, 'right');
        return [span(figure, tone), span(padded(`  ${heights}`, each - widthOf(figure)), arm)];
      }),
    ];
  });
  return [head, ...body];
}

const HEIGHTS = '▁▂▃▄▅▆▇█';

function height(value: number, most: number): string {
  if (most === 0) return HEIGHTS.charAt(0);
  return HEIGHTS.charAt(Math.min(HEIGHTS.length - 1, Math.ceil((value / most) * (HEIGHTS.length - 1))));
}
