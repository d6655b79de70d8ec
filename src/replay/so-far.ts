import { SUSPICIOUS } from '../judge/decision.ts';
import { GOOD_ENOUGH } from '../judge/goodness.ts';
import type { Recording } from '../judge/recording.ts';
import { DEFAULT_SETTINGS } from '../judge/recording.ts';
import type { Evidence, Verdict } from '../judge/verdict.ts';

/**
 * The verdict that a look at the end of each period came to, told from the last one's evidence: judging every beginning of a
 * day's recording would take minutes.
 */
export function verdictsSoFar(
  { minutes, settings }: Recording,
  evidence: readonly Evidence[],
): readonly Verdict['verdict'][] {
  const enough = 1 / (settings?.falseAlarmRate ?? DEFAULT_SETTINGS.falseAlarmRate);
  const countsErrors = new Set(
    minutes
      .filter(({ canary }) => canary !== undefined && canary.requests > 0 && canary.errors !== undefined)
      .map(({ t }) => t),
  );
  let rolledBack = false;
  return evidence.map(({ t, judged, total, good }) => {
    rolledBack ||= total >= enough;
    if (rolledBack) return 'rollback';
    return judged && countsErrors.has(t) && total < SUSPICIOUS && good >= GOOD_ENOUGH ? 'pass' : 'hold';
  });
}
