import { customIn, customNames, isOver } from './custom-test.ts';
import type { Examination, Strongest } from './examination.ts';
import { guarded } from './guard-test.ts';
import { latencyBy, PERCENTILES } from './latency-test.ts';
import { isAbove } from './percentile-test.ts';
import type { Minute } from './recording.ts';
import { errorsIn, NOTHING, rate, slowIn, sum } from './tally.ts';
import type { Timeline } from './timeline.ts';
import { about, countInWords, failures, likelier, percent, plural, secondsInWords, timeOf } from './words.ts';

/**
 * The evidence against the canary as a clause: the numbers of the strongest test, from the period
 * since which it is strongest, then the total of all tests.
 */
export function accusation({ evidence, strongest }: Examination, timeline: Timeline): string {
  if (strongest === null) return 'there is nothing to judge';
  const { since } = strongest;
  const minutes = (evidence.judged ? timeline.judged : timeline.warmUp).filter(
    ({ t }) => t >= since && t <= evidence.t,
  );
  const when =
    since > timeline.settings.warmUp ? `in the last ${timeOf(evidence.t + 1 - since, timeline)}, ` : '';
  const { facts, claim, who = 'the new revision' } = charge(strongest, minutes, timeline);
  return `${when}${facts}: ${likelier(evidence.total)} if ${who} ${claim}`;
}

interface Charge {
  readonly facts: string;
  readonly claim: string;
  /** The subject of the claim. Default: the new revision. */
  readonly who?: string;
}

function charge(
  { test, threshold, name }: Strongest,
  minutes: readonly Minute[],
  timeline: Timeline,
): Charge {
  if (test === 'errors') return { facts: failures(sum(minutes.map(errorsIn)), timeline), claim: 'is worse' };
  if (test === 'guard') return overTheLimit(minutes, timeline);
  if (test === 'custom') return custom(name, minutes, timeline);
  return latencyBy(timeline) === 'slow'
    ? slow(minutes, threshold, timeline)
    : slowPercentile(minutes, threshold, timeline);
}

function overTheLimit(minutes: readonly Minute[], timeline: Timeline): Charge {
  const limit = timeline.settings.maxErrorRate;
  const isTogether = timeline.asked === 'both revisions';
  const canary = minutes.map((minute) => ({ canary: guarded(minute, limit), stable: NOTHING }));
  return {
    facts: `${failures(sum(canary), timeline)}; the limit is ${percent(limit)}`,
    claim: isTogether ? 'are over the limit' : 'is over the limit',
    ...(isTogether && { who: 'both revisions together' }),
  };
}

function custom(name: string, minutes: readonly Minute[], timeline: Timeline): Charge {
  if (customNames(timeline).counts.includes(name)) {
    const { canary, stable } = sum(minutes.map((minute) => customIn(minute, name)));
    const share = ({ bad, of }: typeof canary) =>
      `${countInWords(bad)} of ${countInWords(of)} (${percent(rate({ bad, of }))})`;
    return {
      facts: `${name}: ${share(canary)} on the new revision, ${share(stable)} on the old one`,
      claim: 'is worse',
    };
  }
  const read = minutes.map((minute) => isOver(minute, name)).filter((over) => over !== null);
  const over = read.filter(Boolean).length;
  return {
    facts: `${name} was over its limit on the new revision in ${over} of ${plural(read.length, timeline.periodName)}`,
    claim: 'is over the limit',
  };
}

function slow(minutes: readonly Minute[], threshold: number, { settings, thresholds }: Timeline): Charge {
  const { canary, stable } = sum(minutes.map((minute) => slowIn(minute, threshold)));
  const { latencyMargin } = settings;
  const limit = thresholds?.[threshold];
  const usual = `the usual ${PERCENTILES[threshold]}`;
  const [ours, theirs] =
    limit === undefined
      ? [`${about(latencyMargin)} times ${usual}`, usual]
      : [secondsInWords(latencyMargin * limit), secondsInWords(limit)];
  return {
    facts:
      `${percent(rate(canary))} of ${plural(canary.of, 'request')} to the new revision took longer than ${ours}, ` +
      `${percent(rate(stable))} of those to the old one longer than ${theirs}`,
    claim: 'is slower',
  };
}

function slowPercentile(minutes: readonly Minute[], percentile: number, timeline: Timeline): Charge {
  const { latencyMargin } = timeline.settings;
  const compared = minutes.filter((minute) => isAbove(minute, percentile, latencyMargin) !== null);
  const above = compared.filter((minute) => isAbove(minute, percentile, latencyMargin));
  const newest = compared.at(-1);
  const atTheEnd = [newest?.canary, newest?.stable].map((arm) =>
    secondsInWords(arm?.percentiles?.[percentile] ?? 0),
  );
  return {
    facts:
      `the new revision's ${PERCENTILES[percentile]} was over ${about(latencyMargin)} times the old one's in ` +
      `${above.length} of ${plural(compared.length, timeline.periodName)}, at the end ${atTheEnd.join(' against ')}`,
    claim: 'is slower',
  };
}
