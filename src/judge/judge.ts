import { decideVerdict } from './decision.ts';
import { examine } from './examination.ts';
import { explain } from './explanation.ts';
import type { Recording } from './recording.ts';
import { timelineOf } from './timeline.ts';
import type { Verdict } from './verdict.ts';

/**
 * Is the canary worse than stable, good enough for the next step, or is it too early to tell?
 *
 *     recording -> timeline -> tests -> decision -> words
 *
 * A pure function of the recording: the same recording always gives the same verdict. It is
 * calculated from the complete recording each time, because metrics arrive late. Evidence against
 * the canary is an e-value: it starts at 1, and while the canary is as good as stable it ever
 * exceeds 1/falseAlarmRate with a probability of at most falseAlarmRate (plus a tenth for each of
 * the tests for catastrophes, in the warm-up and after it). The judge knows no minimum bake time
 * and no deadline.
 */
export function judge(recording: Recording): Verdict {
  const timeline = timelineOf(recording);
  const looks = examine(timeline);
  const decision = decideVerdict(timeline, looks);
  return {
    verdict: decision.verdict,
    minute: decision.look?.evidence.t ?? -1,
    because: explain(decision, timeline),
    evidence: looks.map(({ evidence }) => evidence),
  };
}
