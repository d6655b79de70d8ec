import { inUnits } from '../../core/time/duration.ts';
import { about, percent } from '../../judge/words.ts';
import { MINUTE, SECOND } from '../../core/time/clock.ts';
import type { Backtest } from './model.ts';
import { periodsToPass } from '../../judge/time-to-pass.ts';

/** The share of first steps that should pass within their timeout. */
const MOST = 0.95;

/** Steps to recommend, by their first step. ECS supports each of them. */
const STEP_CHOICES = [
  [20, 60, 100],
  [25, 50, 100],
  [50, 100],
] as const;
const TOLERANCES = [0.015, 0.02, 0.03, 0.05, 0.1];
/** The share of the step timeout to use, as a reserve for random errors. */
const COMFORT = 0.8;

/** What to change about the rollout of this service, in one sentence. */
export function recommend(replay: Omit<Backtest, 'recommendation'>): string {
  const { rolledBackForNothing, terms, traffic, passed } = replay;
  const { settings } = terms;
  if (traffic.requestsPerMinute === 0) {
    return 'The service received no requests in that time: choose another time, or the service that receives the requests.';
  }
  if (rolledBackForNothing.atLeast > settings.falseAlarmRate) {
    return `${percent(rolledBackForNothing.share)} of the rollouts would have been rolled back without a fault, more than false-alarm-rate allows: please report this.`;
  }
  if (passed.share >= MOST) {
    return `The settings fit: half of the first steps pass within ${inWords(passed.medianMinutes ?? 0)}.`;
  }
  return tooSlow(replay);
}

/** Recommends more traffic, more tolerance or more time. */
function tooSlow({ terms, traffic, passed }: Omit<Backtest, 'recommendation'>): string {
  const { settings, sharePercent, stepTimeoutMinutes } = terms;
  const quiet = traffic.requestsPerMinuteWhenQuiet;
  const { errorRate } = traffic;
  const period = terms.periodSeconds / 60;
  /** In minutes, including the metric delay. */
  const timeToPass = (share: number, errorTolerance: number): number => {
    const step = { share: share / 100, errorTolerance, warmUp: settings.warmUp };
    const periods = periodsToPass({ requests: quiet * period, errorRate }, step);
    return ((periods ?? Infinity) + settings.metricDelay) * period;
  };
  const fits = (minutes: number) => minutes <= COMFORT * stepTimeoutMinutes;
  const needed = timeToPass(sharePercent, settings.errorTolerance);
  const choice = STEP_CHOICES.find(
    ([first]) => first > sharePercent && fits(timeToPass(first, settings.errorTolerance)),
  );
  const tolerance = TOLERANCES.find(
    (rate) => rate > settings.errorTolerance && fits(timeToPass(sharePercent, rate)),
  );
  const ways = [
    choice && `set steps to ${choice.join(',')}`,
    tolerance && `set error-tolerance to ${percent(tolerance)}`,
    choice || tolerance || !Number.isFinite(needed) ? null : `set step-timeout to ${inWords(needed)} or more`,
  ].filter(Boolean);
  const advice =
    ways.length > 0
      ? ways.join(' or ')
      : 'roll out when there are more requests, or set on-inconclusive to continue';
  const why = Number.isFinite(needed)
    ? `at ${about(quiet)} requests per minute, a step of ${sharePercent}% needs about ${inWords(needed)} to pass`
    : `at ${about(quiet)} requests per minute, a step of ${sharePercent}% does not pass`;
  return `${percent(passed.share)} of the first steps would have passed within step-timeout (${inWords(stepTimeoutMinutes)}), and in the quietest hours ${why}: ${advice}.`;
}

/** Rounded up to seconds, minutes, or ten minutes. */
function inWords(minutes: number): string {
  const grain = minutes > 60 ? 10 * MINUTE : minutes >= 1 ? MINUTE : SECOND;
  return inUnits(Math.ceil((minutes * MINUTE) / grain) * grain);
}
