import type { Examination } from './examination.ts';
import { evidenceAlone } from './evidence-alone.ts';
import { GOOD_ENOUGH } from './goodness.ts';

import { errorsIn } from './tally.ts';
import { stepAt, type Timeline } from './timeline.ts';

/** With this much evidence against it, a canary keeps its traffic but gets no more. */
export const SUSPICIOUS = 10;

export type JudgeDecision =
  | { readonly verdict: 'rollback'; readonly look: Examination }
  | { readonly verdict: 'pass'; readonly look: Examination }
  | { readonly verdict: 'hold'; readonly why: Hold; readonly look: Examination | null };

export type Hold =
  | 'nothing-finished'
  | 'no-requests'
  | 'warming-up'
  | 'no-error-counts'
  | 'step-too-young'
  | 'suspicious'
  | 'newest-suspicious'
  | 'too-little-evidence';

/**
 * Rolls back when any examination had enough evidence, whatever followed: the false alarm rate is
 * the rate of that. Passes only on the newest examination and for the newest step. Otherwise holds.
 */
export function decideVerdict(timeline: Timeline, looks: readonly Examination[]): JudgeDecision {
  const enough = 1 / timeline.settings.falseAlarmRate;
  const first = looks.find(({ evidence }) => evidence.total >= enough);
  if (first !== undefined) return { verdict: 'rollback', look: first };
  const newest = looks.at(-1);
  if (newest === undefined) return { verdict: 'hold', why: 'nothing-finished', look: null };
  const why = reasonToHold(newest, timeline);
  return why === null ? { verdict: 'pass', look: newest } : { verdict: 'hold', why, look: newest };
}

function reasonToHold({ minute, evidence }: Examination, timeline: Timeline): Hold | null {
  if ((minute.canary?.requests ?? 0) === 0) return 'no-requests';
  if (!evidence.judged) return 'warming-up';
  if (errorsIn(minute).canary.of === 0) return 'no-error-counts';
  if (stepAt(timeline, minute.t) !== (timeline.steps.at(-1) ?? null)) return 'step-too-young';
  if (evidence.total >= SUSPICIOUS) return 'suspicious';
  if (evidence.good < GOOD_ENOUGH) return 'too-little-evidence';
  return evidenceAlone(minute, timeline) >= SUSPICIOUS ? 'newest-suspicious' : null;
}
