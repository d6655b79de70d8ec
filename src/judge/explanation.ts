import { accusation } from './accusation.ts';
import { evidenceOfCatastrophe } from './catastrophe.ts';
import { SUSPICIOUS, type JudgeDecision, type Hold } from './decision.ts';
import type { Examination } from './examination.ts';
import { GOOD_ENOUGH, requestsMissing, tolerableRate } from './goodness.ts';
import { unexpectedShare } from './observed-share.ts';
import { errorsIn, rate, sum, type Tallies } from './tally.ts';
import { stepAt, type Timeline } from './timeline.ts';
import { about, countInWords, failures, likelier, percent, plural, sentence } from './words.ts';

/** The decision in plain sentences with the numbers it was made by: why first, then what a reader should know besides. */
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
  return `${failures(failed, timeline)}: ${claim}; ${GOOD_ENOUGH} is enough to go on`;
}

/** What is missing for a verdict. */
const UNDECIDED: Readonly<Record<Hold, (timeline: Timeline, look: Examination | null) => string>> = {
  'nothing-finished': ({ periodName, noun, asked }) =>
    `no finished ${periodName} of ${noun}s to ${asked} yet`,

  'no-requests'({ finished, periodName, noun, asked }) {
    const lastAsked = finished.findLast(({ canary }) => (canary?.requests ?? 0) > 0)?.t ?? -1;
    const since = finished.filter(({ t }) => t > lastAsked);
    const elsewhere = since.reduce((requests, { stable }) => requests + (stable?.requests ?? 0), 0);
    const time = plural((since.at(-1)?.t ?? lastAsked) - lastAsked, periodName);
    const others = asked === 'both versions' ? '' : `, ${countInWords(elsewhere)} to the old one`;
    return `no ${noun}s to ${asked} for ${time}${others}: nothing to judge by`;
  },

  'warming-up'(timeline) {
    const { settings, periodName, warmUp } = timeline;
    const time = settings.warmUp === 1 ? `${periodName} is` : `${plural(settings.warmUp, periodName)} are`;
    return `the first ${time} to warm up, shown but not judged; so far ${failures(sum(warmUp.map(errorsIn)), timeline)}`;
  },

  'no-error-counts': ({ asked }) => `the errors of ${asked} are not counted: it cannot pass without them`,

  'step-too-young': ({ steps, periodName }) => `no finished ${periodName} at ${steps.at(-1)?.percent}% yet`,

  suspicious(timeline, look) {
    const enough = about(1 / timeline.settings.falseAlarmRate);
    return `${look && accusation(look, timeline)}; under ${SUSPICIOUS} is needed to go on, ${enough} to roll back`;
  },

  'newest-suspicious'(timeline, look) {
    return `${look && accusation(look, timeline)}, and the last ${timeline.periodName} alone says so more clearly than one may: another is needed to tell`;
  },

  'too-little-evidence'(timeline) {
    const { failed, tolerable } = newestStep(timeline);
    const { canary } = failed;
    if (rate(canary) >= tolerable) {
      return `${failures(failed, timeline)}; it must be shown that less than ${percent(tolerable)} fail to pass`;
    }
    const missing = about(Math.max(1, requestsMissing(canary, tolerable)));
    const soFar =
      canary.bad === 0
        ? `no errors in ${plural(canary.of, timeline.noun)} to ${timeline.asked}`
        : failures(failed, timeline);
    return `${soFar}; about ${missing} more without an error are needed to pass`;
  },
};

/** What the newest step is judged by. */
function newestStep({ steps, judged, settings }: Timeline): { failed: Tallies; tolerable: number } {
  const begin = steps.at(-1)?.at ?? 0;
  const failed = sum(judged.filter(({ t }) => t >= begin).map(errorsIn));
  return { failed, tolerable: tolerableRate(settings.errorTolerance, failed.stable) };
}

function stickiness({ settings: { dispersion } }: Timeline): string | null {
  return dispersion > 1
    ? `with sticky sessions errors come in clumps, so each counts ${about(dispersion)} times less`
    : null;
}

function traffic({ look }: JudgeDecision, timeline: Timeline): string | null {
  const until = look?.evidence.t ?? -1;
  const step = stepAt(timeline, until);
  // The last period before a new step has some of that step's traffic already.
  if (step !== timeline.steps.at(-1)) return null;
  const observed = unexpectedShare(
    timeline.finished.filter(({ t }) => t <= until),
    step,
  );
  return observed === null
    ? null
    : `lately the new version got ${percent(observed)} of the ${timeline.noun}s, not the ${step?.percent}% of this step`;
}
