import type { Look } from './examination.ts';
import { GOOD_ENOUGH } from './goodness.ts';
import { hasErrors } from './tally.ts';
import { stepAt, type Timeline } from './timeline.ts';

/** With this much evidence against it a canary gets no more traffic, though it may keep what it has. */
export const SUSPICIOUS = 10;

export type Decision =
  | { readonly verdict: 'rollback'; readonly look: Look }
  | { readonly verdict: 'pass'; readonly look: Look }
  | { readonly verdict: 'hold'; readonly why: Hold; readonly look: Look | null };

export type Hold =
  | 'nothing-finished'
  | 'no-requests'
  | 'warming-up'
  | 'no-error-counts'
  | 'step-too-young'
  | 'suspicious'
  | 'too-little-evidence';

/**
 * Rolls back at the first look that had enough evidence, whatever came after it: that is what the false alarm rate is the
 * rate of. Passes on the newest look alone, for the newest step; everything else holds.
 */
export function decide(timeline: Timeline, looks: readonly Look[]): Decision {
  const enough = 1 / timeline.settings.falseAlarmRate;
  const first = looks.find(({ evidence }) => evidence.total >= enough);
  if (first !== undefined) return { verdict: 'rollback', look: first };
  const look = looks.at(-1) ?? null;
  const why = reasonToHold(timeline, look);
  return look === null || why !== null
    ? { verdict: 'hold', why: why ?? 'nothing-finished', look }
    : { verdict: 'pass', look };
}

function reasonToHold(timeline: Timeline, look: Look | null): Hold | null {
  const { finished, steps } = timeline;
  const newest = finished.at(-1);
  if (look === null || newest === undefined) return 'nothing-finished';
  if ((newest.canary?.requests ?? 0) === 0) return 'no-requests';
  if (!look.evidence.judged) return 'warming-up';
  if (!hasErrors(finished, 'canary')) return 'no-error-counts';
  if (stepAt(timeline, newest.t) !== (steps.at(-1) ?? null)) return 'step-too-young';
  if (look.evidence.total >= SUSPICIOUS) return 'suspicious';
  return look.evidence.good >= GOOD_ENOUGH ? null : 'too-little-evidence';
}
