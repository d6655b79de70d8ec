import type { Counts, Minute } from '../judge/recording.ts';
import { idOf, type ArmName, type LatencyQuestion } from './queries.ts';

/** Values by series id, then by the start of the period (milliseconds since 1970). */
export type Series = ReadonlyMap<string, ReadonlyMap<number, number>>;

export interface Window {
  /** Start of period t = 0, milliseconds since 1970. */
  readonly origin: number;
  /** Milliseconds. */
  readonly period: number;
  /** Only periods that ended by then count. */
  readonly finishedBy: number;
}

/** CloudWatch's series as the judge's minutes: from the origin to the last finished period, those without any traffic left out. Pure. */
export function minutesOf(series: Series, window: Window, latency: LatencyQuestion): Minute[] {
  const minutes: Minute[] = [];
  const count = Math.floor((window.finishedBy - window.origin) / window.period);
  for (let t = 0; t < count; t++) {
    const at = window.origin + t * window.period;
    const canary = countsOf(series, 'canary', at, latency);
    const stable = countsOf(series, 'stable', at, latency);
    if (canary || stable) minutes.push({ t, ...(canary && { canary }), ...(stable && { stable }) });
  }
  return minutes;
}

function countsOf(series: Series, arm: ArmName, at: number, latency: LatencyQuestion): Counts | null {
  const value = (name: string) => series.get(idOf(arm, name))?.get(at);
  const requests = value('requests');
  if (!requests) return null;
  // These metrics are absent when they are zero, as long as there were requests.
  const answered = ['s2', 's3', 's4', 's5'].reduce((sum, name) => sum + (value(name) ?? 0), 0);
  const errors = (value('s5') ?? 0) + Math.max(0, requests - answered);
  return { requests, errors: Math.min(errors, requests), ...latencyOf(value, arm, requests, latency) };
}

function latencyOf(
  value: (name: string) => number | undefined,
  arm: ArmName,
  requests: number,
  latency: LatencyQuestion,
): Pick<Counts, 'slow' | 'percentiles'> {
  const values = [0, 1, 2].map((index) => value(`slow${index}`));
  switch (latency.by) {
    case 'counts':
      // In doubt for the canary: its count is rounded down, the stable arm's up.
      return {
        slow: values.map((count = 0) =>
          Math.min(requests, arm === 'canary' ? Math.floor(count) : Math.ceil(count)),
        ),
      };
    case 'percentiles':
      return values.every((percentile) => percentile !== undefined) ? { percentiles: values } : {};
    case 'nothing':
      return {};
  }
}
