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
 * A pure function of the recording, recomputed from all of it at every look because metrics fill in late: the same recording
 * gives the same verdict for ever. Evidence against the canary is an e-value: 1 to begin with, and above 1/falseAlarmRate, at
 * any look, with probability falseAlarmRate at most (a tenth more each with the watch for catastrophes in the warm-up and after it)
 * while the canary is as good as stable. Minimum bake and deadline are not the judge's business.
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
