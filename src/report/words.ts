import type { Milliseconds } from '../core/time/clock.ts';
import type { ShareOf } from '../core/trail/event.ts';

/** `0.4s`, `45s`, `2m 10s`, `1h 5m`, `2d 3h`: two units at most. */
export function durationInWords(length: Milliseconds): string {
  if (length < 950) return `${(Math.max(0, length) / 1_000).toFixed(1)}s`;
  const seconds = Math.round(length / 1_000);
  const parts: (readonly [number, string])[] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount}${unit}`)
    .join(' ');
}

/** Question marks for an invalid time: it must not make the log throw. */
function iso(at: number): string {
  return Math.abs(at) <= 8.64e15 && new Date(at).getUTCFullYear() <= 9999 && at >= 0
    ? new Date(at).toISOString()
    : '????-??-??T??:??:??.???Z';
}

/** UTC, `14:05:09`. */
export function timeOfDay(at: number): string {
  return iso(at).slice(11, 19);
}

/** UTC, `2026-11-21`. */
export function dateOf(at: number): string {
  return iso(at).slice(0, 10);
}

/**
 * A fraction in percent as the judge words it, with two significant digits: `8.1%`, `16%`,
 * `0.033%`; with three above 99%.
 */
export function percentOf(part: number, whole: number): string {
  const percent = (100 * part) / whole;
  return `${significant(percent, percent > 99 ? 3 : 2)}%`;
}

/** How many times more likely data are, as the judge words it: `2,300`, `over a million`. */
export function evidenceInWords(times: number): string {
  return times > 1e6 ? 'over a million' : significant(times, 2);
}

function significant(value: number, digits: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: digits });
}

/** Seconds as latency: `240 ms`, `1.2 s`. */
export function latencyInWords(seconds: number): string {
  return seconds < 1
    ? `${Number((seconds * 1_000).toPrecision(3))} ms`
    : `${Number(seconds.toPrecision(3))} s`;
}

/** What the percentages of an event are a share of. */
export function shareInWords(told: { readonly of?: ShareOf } | null): string {
  return told?.of === undefined ? 'production traffic' : `the ${told.of}`;
}

/** `10%, 30%, 100%`. */
export function stepsInWords(steps: readonly number[]): string {
  return steps.map((percent) => `${percent}%`).join(', ');
}

export function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}

/** The causes of a rollback. */
export const CAUSES = {
  judge: 'the metrics are evidence against the new revision',
  alarm: 'an alarm fired',
  health: 'new tasks or targets are not healthy',
  'smoke-test': 'the smoke test failed',
  gate: 'a gate did not pass',
  deadline: 'the step timed out',
  cancel: 'the run was cancelled',
  start: 'the new tasks did not become healthy',
  capacity: 'ECS found no room for the new tasks',
  ecs: 'ECS started the rollback',
  request: 'a rollback was requested',
  problem: 'a problem in the run itself',
} as const;

/** The exit code, with its meaning if known. */
export function exitCodeInWords(code: number): string {
  const meaning = EXIT_CODES[code];
  return meaning === undefined ? `exit code ${code}` : `exit code ${code} (${meaning})`;
}

const EXIT_CODES: Readonly<Record<number, string>> = {
  126: 'the command cannot be executed',
  127: 'the command was not found',
  134: 'aborted',
  137: 'killed, often out of memory',
  139: 'segmentation fault',
  143: 'terminated by SIGTERM',
};
