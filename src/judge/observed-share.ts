import type { Minute, Step } from './recording.ts';

const PERIODS = 2;
const POINTS = 0.02;
const PROPORTION = 0.2;
/** In standard errors: with low traffic, chance alone causes a difference of two points. */
const CHANCE = 3;

type Arms = Pick<Minute, 'canary' | 'stable'>;

const canaryRequests = ({ canary }: Arms): number => canary?.requests ?? 0;
const requests = ({ canary, stable }: Arms): number => (canary?.requests ?? 0) + (stable?.requests ?? 0);

/** Share of the requests that the canary got, 0 to 1; `null` when there were no requests. */
export const observedShare = (arms: Arms): number | null =>
  requests(arms) === 0 ? null : canaryRequests(arms) / requests(arms);

/**
 * The share over the newest two periods of the step, if it differs from the configured one by more
 * than two points, a fifth of it, and what chance explains; otherwise, or when it is too early,
 * `null`.
 */
export function unexpectedShare(minutes: readonly Minute[], step: Step | null): number | null {
  const newest = minutes.slice(-PERIODS).filter(({ t }) => step !== null && t >= step.at);
  if (step === null || newest.length < PERIODS) return null;
  const all = newest.reduce((sum, minute) => sum + requests(minute), 0);
  const ours = newest.reduce((sum, minute) => sum + canaryRequests(minute), 0);
  if (ours === 0) return null;
  const configured = step.percent / 100;
  const observed = ours / all;
  const chance = CHANCE * Math.sqrt((configured * (1 - configured)) / all);
  const allowed = Math.max(POINTS, PROPORTION * configured, chance);
  return Math.abs(observed - configured) > allowed ? observed : null;
}
