import { errorsIn, rate, sum, type Tallies } from './tally.ts';
import type { Timeline } from './timeline.ts';

/** In seconds. So long after an incident, its last requests may still fail. */
export const GRACE = 180;

/** Fewer failures than this are no incident, however few requests there are. */
const FAILURES = 5;

/**
 * The requests of the last three minutes, if more than `maxErrorRate` of either revision's failed; `null`
 * if not. Users suffer then, whoever causes it, so the canary must not get more traffic. It only
 * prevents a pass, so it cannot cause a false alarm.
 */
export function incident({ judged, period, settings }: Timeline): Tallies | null {
  const newest = judged.at(-1)?.t ?? 0;
  const recent = sum(judged.filter(({ t }) => t > newest - Math.ceil(GRACE / period)).map(errorsIn));
  const suffers = [recent.canary, recent.stable].some(
    (arm) => arm.bad >= FAILURES && rate(arm) > settings.maxErrorRate,
  );
  return suffers ? recent : null;
}
