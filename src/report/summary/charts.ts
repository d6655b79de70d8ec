import type { ArmName, Counts, Minute } from '../../judge/recording.ts';
import type { Markdown } from '../markdown.ts';
import { countsOf, wasAsked } from '../minutes.ts';
import { countsByStep, wayOf } from './step-counts.ts';
import type { Story, EventOf } from '../story.ts';
import { durationInWords, latencyInWords, shareInWords, timeOfDay } from '../words.ts';

/** More points cannot be distinguished. */
const MOST_POINTS = 60;
/** The least distance of step labels, as a share of the axis. Closer labels would overlap. */
const LABEL_SPACE = 0.06;

/** Errors and latency over time, both arms; no charts without data. */
export function charts(story: Story): Markdown[] {
  return chartsOf(story).map(draw);
}

/** The charts as data, for other renderers. */
export function chartsOf(story: Story): readonly Chart[] {
  const { evaluation } = story;
  const points = pointsOf(evaluation?.minutes ?? []);
  if (!evaluation || points.length < 2) return [];
  const axis = axisOf(points, story, evaluation);
  return [errorChart(points, evaluation), latencyChart(points, evaluation)].flatMap((chart) => {
    if (chart === null) return [];
    // At least 1, so that a tenth of a percent looks small.
    const top = roundedUp(Math.max(1, ...chart.lines.canary, ...chart.lines.stable));
    return [{ ...chart, top, axis, ...(evaluation.arms && { arms: evaluation.arms }) }];
  });
}

/** Consecutive periods, combined. */
interface Point {
  readonly t: number;
  readonly minutes: readonly Minute[];
}

interface Lines {
  readonly title: string;
  readonly unit: string;
  /** The values from the first point on; the line of an arm may be shorter than the axis. */
  readonly lines: Readonly<Record<ArmName, readonly number[]>>;
}

export interface Chart extends Lines {
  /** The end of the vertical axis, which starts at 0. */
  readonly top: number;
  readonly axis: Axis;
  /** The line of the canary contains both revisions. */
  readonly arms?: 'together';
}

interface Axis {
  readonly title: string;
  /** One for each point; `null` for no label. */
  readonly labels: readonly (string | null)[];
  readonly eachPoint: string;
}

/** Periods without requests to the canary have no point. */
function pointsOf(minutes: readonly Minute[]): Point[] {
  const asked = minutes.filter((minute) => wasAsked(minute, 'canary'));
  const size = sizeOfPoint(minutes);
  const points = Map.groupBy(asked, ({ t }) => Math.floor(t / size));
  return [...points].map(([index, minutes]) => ({ t: index * size, minutes }));
}

function sizeOfPoint(minutes: readonly Minute[]): number {
  return Math.max(1, Math.ceil(((minutes.at(-1)?.t ?? 0) + 1) / MOST_POINTS));
}

function errorChart(points: readonly Point[], evaluation: EventOf<'evaluated'>): Lines | null {
  const counted = evaluation.counted ?? 'requests';
  const lines = bothArms(points, failed);
  const anyFailed = [...lines.canary, ...lines.stable].some((value) => value > 0);
  return anyFailed ? { title: `Failed ${counted}`, unit: `% of ${counted}`, lines } : null;
}

function latencyChart(points: readonly Point[], { thresholds }: EventOf<'evaluated'>): Lines | null {
  const slow = bothArms(points, slowerThanMost);
  if (slow.canary.length > 0) {
    const threshold = thresholds?.[1] === undefined ? '' : ` (${latencyInWords(thresholds[1])})`;
    return {
      title: `Requests slower than p90 before the rollout${threshold}`,
      unit: '% of requests',
      lines: slow,
    };
  }
  const latency = bothArms(points, p90);
  return latency.canary.length > 0 ? { title: 'Latency, p90', unit: 'milliseconds', lines: latency } : null;
}

/** The value of a point; `null` if the data do not contain it. */
type Value = (counts: readonly Counts[]) => number | null;

const failed: Value = (counts) => percent(counts, ({ errors }) => errors);

/** Uses p90: many users are affected by it, and it does not depend on a handful of requests. */
const slowerThanMost: Value = (counts) => percent(counts, ({ slow }) => slow?.[1]);

const p90: Value = (counts) => {
  const values = counts.flatMap(({ percentiles }) => percentiles?.[1] ?? []);
  return values.length === 0 ? null : (1_000 * values.reduce((sum, value) => sum + value, 0)) / values.length;
};

function bothArms(points: readonly Point[], value: Value): Lines['lines'] {
  return { canary: line(points, 'canary', value), stable: line(points, 'stable', value) };
}

/** Mermaid has no gaps: a point without data repeats the previous value. */
function line(points: readonly Point[], arm: ArmName, valueOf: Value): number[] {
  const values = points.map(({ minutes }) => valueOf(countsOf(minutes, arm)));
  const end = values.findLastIndex((value) => value !== null) + 1;
  let previous = values.find((value) => value !== null) ?? 0;
  return values.slice(0, end).map((value) => (previous = value ?? previous));
}

function percent(counts: readonly Counts[], part: (counts: Counts) => number | undefined): number | null {
  const known = counts.filter((each) => part(each) !== undefined);
  const requests = known.reduce((sum, each) => sum + each.requests, 0);
  return requests === 0 ? null : (100 * known.reduce((sum, each) => sum + (part(each) ?? 0), 0)) / requests;
}

/** The time axis. The label of a step or of a way is at the point where it started. */
function axisOf(
  points: readonly Point[],
  story: Story,
  { period, origin, minutes }: EventOf<'evaluated'>,
): Axis {
  const size = sizeOfPoint(minutes);
  const space = Math.ceil(points.length * LABEL_SPACE);
  const labels = points.map((): string | null => null);
  let next = 0;
  const pointAt = (at: number) => points.findIndex(({ t }) => t + size > (at - origin) / (period * 1_000));
  for (const step of story.steps) {
    const index = pointAt(step.begunAt);
    if (index < next) continue;
    labels[index] = `${step.percent}%`;
    next = index + space;
  }
  for (const { step, after } of countsByStep(story)) {
    // The way after a verdict is marked if it has a point and its label does not hide another one.
    if (step.endedAt === null || after.length === 0) continue;
    const index = points.findIndex(({ minutes }) => minutes.some(({ t }) => t === after[0]!.t));
    const isFree = labels
      .slice(Math.max(0, index - space + 1), index + space)
      .every((label) => label === null);
    if (index >= 0 && isFree) labels[index] = wayOf(step, story);
  }
  const [from, to] = [points[0]?.t ?? 0, (points.at(-1)?.t ?? 0) + size].map((t) =>
    timeOfDay(origin + t * period * 1_000),
  );
  return {
    title: story.planned?.rolling
      ? `${from} to ${to} UTC`
      : `${shareInWords(story.planned)} on the canary, ${from} to ${to} UTC`,
    labels,
    eachPoint: durationInWords(size * period * 1_000),
  };
}

function draw({ title, unit, lines, top, axis, arms }: Chart): Markdown {
  const legend =
    arms === 'together'
      ? 'both revisions'
      : `canary, the new revision${lines.stable.length > 0 ? ' · 🟦 stable, the old revision' : ''}`;
  // The axis requires a unique label for each point; most are invisible.
  const labels = axis.labels.map((label, index) => label ?? '\u200B'.repeat(index + 1));
  // Contains no foreign text, so nothing is escaped.
  return [
    '```mermaid',
    `%%{init: ${JSON.stringify(STYLE)}}%%`,
    'xychart-beta',
    `  title "${title}"`,
    `  x-axis "${axis.title}" [${labels.map((label) => `"${label}"`).join(', ')}]`,
    `  y-axis "${unit}" 0 --> ${top}`,
    ...plot(lines.canary),
    ...plot(lines.stable),
    '```',
    `<sub>🟧 ${legend} · a point for each ${axis.eachPoint}</sub>`,
  ].join('\n');
}

function plot(values: readonly number[]): string[] {
  const rounded = values.map((value) => Number(value.toFixed(3)));
  return rounded.length > 0 ? [`  line [${rounded.join(', ')}]`] : [];
}

/** The next round number, so that the highest point is near the top of the chart. */
function roundedUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 1.5, 2, 3, 4, 5, 6, 8].find((top) => top * power >= value) ?? 10);
}

/** Readable on white and on black: Mermaid uses its light theme even on a dark page. */
export const GREY = '#848d97';
/** Orange and blue are distinguishable for every kind of colour vision. */
export const COLOURS: Readonly<Record<ArmName, string>> = { canary: '#e8590c', stable: '#4493f8' };
const STYLE = {
  xyChart: { width: 900, height: 280, titleFontSize: 16, xAxis: { showTick: false } },
  themeVariables: {
    xyChart: {
      backgroundColor: 'transparent',
      titleColor: GREY,
      xAxisLabelColor: GREY,
      xAxisTitleColor: GREY,
      xAxisLineColor: GREY,
      yAxisLabelColor: GREY,
      yAxisTitleColor: GREY,
      yAxisTickColor: GREY,
      yAxisLineColor: GREY,
      // In the order of the lines.
      plotColorPalette: `${COLOURS.canary}, ${COLOURS.stable}`,
    },
  },
};
