import { accusation } from './accusation.ts';
import { evidenceOfCatastrophe } from './catastrophe.ts';
import { SUSPICIOUS, type JudgeDecision, type Hold } from './decision.ts';
import type { Examination } from './examination.ts';
import { GOOD_ENOUGH, requestsMissing, tolerableRate } from './goodness.ts';
import { unexpectedShare } from './observed-share.ts';
import { errorsIn, rate, sum, type Tallies } from './tally.ts';
import { stepAt, type Timeline } from './timeline.ts';
import { about, countInWords, failures, likelier, percent, plural, sentence, timeOf } from './words.ts';

/** The decision in sentences with its numbers: first the reason, then remarks. */
export function explain(decision: JudgeDecision, timeline: Timeline): string {
  const remarks = [stickiness(timeline), traffic(decision, timeline)].filter((remark) => remark !== null);
  return [because(decision, timeline), ...remarks].map(sentence).join(' ');
}

function because(decision: JudgeDecision, timeline: Timeline): string {
  if (decision.verdict === 'rollback') return worse(decision.look, timeline);
  if (decision.verdict === 'pass') return good(decision.look, timeline);
  return UNDECIDED[decision.why](timeline, decision.look);
}

function worse(look: Examination, timeline: Timeline): string {
  const { falseAlarmRate } = timeline.settings;
  const enough = look.evidence.judged
    ? `${about(1 / falseAlarmRate)} is enough to roll back`
    : `${about(evidenceOfCatastrophe(falseAlarmRate))} is enough to roll back during the warm-up`;
  return `${accusation(look, timeline)}; ${enough}`;
}

function good({ evidence }: Examination, timeline: Timeline): string {
  const { failed, tolerable } = newestStep(timeline);
  const claim = `${likelier(evidence.good)} if less than ${percent(tolerable)} fail than if more do`;
  return `${failures(failed, timeline)}: ${claim}; ${GOOD_ENOUGH} is enough to continue`;
}

/** Why there is no verdict yet, by reason. */
const UNDECIDED: Readonly<Record<Hold, (timeline: Timeline, look: Examination | null) => string>> = {
  'nothing-finished': ({ periodName, noun, asked }) =>
    `no finished ${periodName} of ${noun}s to ${asked} yet`,

  'no-requests'(timeline) {
    const { finished, noun, asked } = timeline;
    const lastAsked = finished.findLast(({ canary }) => (canary?.requests ?? 0) > 0)?.t ?? -1;
    const since = finished.filter(({ t }) => t > lastAsked);
    const elsewhere = since.reduce((requests, { stable }) => requests + (stable?.requests ?? 0), 0);
    const time = timeOf((since.at(-1)?.t ?? lastAsked) - lastAsked, timeline);
    const others = asked === 'both revisions' ? '' : `, ${countInWords(elsewhere)} to the old one`;
    return `no ${noun}s to ${asked} for ${time}${others}: there is nothing to judge`;
  },

  'warming-up'(timeline) {
    const { settings, warmUp } = timeline;
    const time = timeOf(settings.warmUp, timeline);
    const first = time.startsWith('1 ') ? `${time.slice(2)} is` : `${time} are`;
    return `the first ${first} the warm-up, shown but not judged; so far ${failures(sum(warmUp.map(errorsIn)), timeline)}`;
  },

  'no-error-counts': ({ asked }) => `the errors of ${asked} are not counted: a step cannot pass without them`,

  'step-too-young': ({ steps, periodName }) => `no finished ${periodName} at ${steps.at(-1)?.percent}% yet`,

  suspicious(timeline, look) {
    const enough = about(1 / timeline.settings.falseAlarmRate);
    return `${look && accusation(look, timeline)}; less than ${SUSPICIOUS} is needed to continue, ${enough} to roll back`;
  },

  'newest-suspicious'(timeline, look) {
    return `${look && accusation(look, timeline)}, and the last ${timeline.periodName} alone is strong evidence of it: another one is needed to decide`;
  },

  'too-little-evidence'(timeline) {
    const { failed, tolerable } = newestStep(timeline);
    const { canary } = failed;
    if (rate(canary) >= tolerable) {
      return `${failures(failed, timeline)}; to pass, it must be shown that less than ${percent(tolerable)} fail`;
    }
    const missing = about(Math.max(1, requestsMissing(canary, tolerable)));
    const soFar =
      canary.bad === 0
        ? `no errors in ${plural(canary.of, timeline.noun)} to ${timeline.asked}`
        : failures(failed, timeline);
    return `${soFar}; about ${missing} more without an error are needed to pass`;
  },
};

/** The numbers by which the newest step is judged. */
function newestStep({ steps, judged, settings }: Timeline): { failed: Tallies; tolerable: number } {
  const begin = steps.at(-1)?.at ?? 0;
  const failed = sum(judged.filter(({ t }) => t >= begin).map(errorsIn));
  return { failed, tolerable: tolerableRate(settings.errorTolerance, failed.stable) };
}

function stickiness({ settings: { dispersion } }: Timeline): string | null {
  return dispersion > 1
    ? `with sticky sessions errors come in clusters, so each error counts ${about(dispersion)} times less`
    : null;
}

function traffic({ look }: JudgeDecision, timeline: Timeline): string | null {
  const until = look?.evidence.t ?? -1;
  const step = stepAt(timeline, until);
  // The last period before a new step already has some of that step's traffic.
  if (step !== timeline.steps.at(-1)) return null;
  const observed = unexpectedShare(
    timeline.finished.filter(({ t }) => t <= until),
    step,
  );
  return observed === null
    ? null
    : `recently the new revision got ${percent(observed)} of the ${timeline.noun}s, not the ${step?.percent}% of this step`;
}
