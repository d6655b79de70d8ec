import { SUSPICIOUS } from '../../judge/decision.ts';
import { evidenceAlone } from '../../judge/evidence-alone.ts';
import { GOOD_ENOUGH } from '../../judge/goodness.ts';
import type { Recording } from '../../judge/recording.ts';
import { DEFAULT_SETTINGS } from '../../judge/recording.ts';
import { timelineOf } from '../../judge/timeline.ts';
import type { Evidence, Verdict } from '../../judge/verdict.ts';

/**
 * The verdict at the end of each period, derived from the evidence of the last evaluation: to
 * evaluate each prefix of a day's recording would take minutes.
 */
export function verdictsSoFar(
  recording: Recording,
  evidence: readonly Evidence[],
): readonly Verdict['verdict'][] {
  const { minutes, settings } = recording;
  const timeline = timelineOf(recording);
  const minuteAt = new Map(timeline.judged.map((minute) => [minute.t, minute]));
  const isClear = (t: number) => evidenceAlone(minuteAt.get(t)!, timeline) < SUSPICIOUS;
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
    const isGood = judged && countsErrors.has(t) && total < SUSPICIOUS && good >= GOOD_ENOUGH;
    return isGood && isClear(t) ? 'pass' : 'hold';
  });
}
