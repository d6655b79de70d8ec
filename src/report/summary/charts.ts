import type { ArmName, Counts, Minute } from '../../judge/recording.ts';
import type { Markdown } from '../markdown.ts';
import { countsOf, wasAsked } from '../minutes.ts';
import type { Story, EventOf } from '../story.ts';
import { durationInWords, latencyInWords, shareInWords, timeOfDay } from '../words.ts';

/** More points than this are no longer told apart. */
const MOST_POINTS = 60;
/** Labels of steps nearer than this share of the axis would overlap. */
const LABEL_SPACE = 0.06;

/** Errors and latency over time, both arms, as far as there is anything to see. */
export function charts(story: Story): Markdown[] {
  return chartsOf(story).map(draw);
}

/** The same as data, for other ways to draw it. */
export function chartsOf(story: Story): readonly Chart[] {
  const { evaluation } = story;
  const points = pointsOf(evaluation?.minutes ?? []);
  if (!evaluation || points.length < 2) return [];
  const axis = axisOf(points, story, evaluation);
  return [errorChart(points, evaluation), latencyChart(points, evaluation)].flatMap((chart) => {
    if (chart === null) return [];
    // Never less than 1: a tenth of a percent should look like one.
    const top = roundedUp(Math.max(1, ...chart.lines.canary, ...chart.lines.stable));
    return [{ ...chart, top, axis, ...(evaluation.arms && { arms: evaluation.arms }) }];
  });
}

/** Some periods that follow each other, seen as one. */
interface Point {
  readonly t: number;
  readonly minutes: readonly Minute[];
}

interface Lines {
  readonly title: string;
  readonly unit: string;
  /** The values at the points from the first one on; an arm's line may end before the axis does. */
  readonly lines: Readonly<Record<ArmName, readonly number[]>>;
}

export interface Chart extends Lines {
  /** Where the vertical axis ends; it begins at 0. */
  readonly top: number;
  readonly axis: Axis;
  /** The canary's line is of both versions. */
  readonly arms?: 'together';
}

interface Axis {
  readonly title: string;
  /** Of each point; null where nothing is to be said. */
  readonly labels: readonly (string | null)[];
  readonly eachPoint: string;
}

/** Where the canary was asked; a time without its requests has no point. */
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

/** What a point of a chart is worth; null: the data do not say. */
type Value = (counts: readonly Counts[]) => number | null;

const failed: Value = (counts) => percent(counts, ({ errors }) => errors);

/** Of p50, p90 and p99 the middle one: it sees what many users see, and is not made of a handful of requests. */
const slowerThanMost: Value = (counts) => percent(counts, ({ slow }) => slow?.[1]);

const p90: Value = (counts) => {
  const values = counts.flatMap(({ percentiles }) => percentiles?.[1] ?? []);
  return values.length === 0 ? null : (1_000 * values.reduce((sum, value) => sum + value, 0)) / values.length;
};

function bothArms(points: readonly Point[], value: Value): Lines['lines'] {
  return { canary: line(points, 'canary', value), stable: line(points, 'stable', value) };
}

/** Mermaid knows no gaps: a point without data repeats the one before, and the line ends where the data end. */
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

/** Along the time, the steps: each label stands where its share of traffic began. */
function axisOf(
  points: readonly Point[],
  story: Story,
  { period, origin, minutes }: EventOf<'evaluated'>,
): Axis {
  const size = sizeOfPoint(minutes);
  const space = Math.ceil(points.length * LABEL_SPACE);
  const labels = points.map((): string | null => null);
  let next = 0;
  for (const { percent, begunAt } of story.steps) {
    const begunIn = (begunAt - origin) / (period * 1_000);
    const index = points.findIndex(({ t }) => t + size > begunIn);
    if (index < next) continue;
    labels[index] = `${percent}%`;
    next = index + space;
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
      ? 'both versions'
      : `canary, the new version${lines.stable.length > 0 ? ' · 🟦 stable, the old version' : ''}`;
  // A label of its own for every point, as the axis wants it, though most are not to be seen.
  const labels = axis.labels.map((label, index) => label ?? '\u200B'.repeat(index + 1));
  // All of it is ours, so nothing is escaped, and nothing may be cut.
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

/** The next round number: the highest point should not stand in the middle of an empty chart. */
function roundedUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 1.5, 2, 3, 4, 5, 6, 8].find((top) => top * power >= value) ?? 10);
}

/** One grey that is read on white and on black: Mermaid takes what a chart leaves out from its light theme even on a dark page. */
export const GREY = '#848d97';
/** Orange and blue stay apart for every kind of colour vision. */
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
      // The order is that of the lines.
      plotColorPalette: `${COLOURS.canary}, ${COLOURS.stable}`,
    },
  },
};
