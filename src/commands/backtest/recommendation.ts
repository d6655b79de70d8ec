import { inUnits } from '../../core/time/duration.ts';
import { about, percent } from '../../judge/words.ts';
import { MINUTE, SECOND } from '../../core/time/clock.ts';
import type { Backtest } from './model.ts';
import { periodsToPass } from './time-to-pass.ts';

/** This share of the rollouts should not wait for evidence in vain. */
const MOST = 0.95;

/** Ladders by their first step, for more evidence in the same time; ECS can climb each. */
const LADDERS = [
  [20, 60, 100],
  [25, 50, 100],
  [50, 100],
] as const;
const TOLERANCES = [0.015, 0.02, 0.03, 0.05, 0.1];
/** Of the step's timeout, so that an error by chance does not use it up. */
const COMFORT = 0.8;

/** In one sentence: what to change about the rollout of this service, if anything. */
export function recommend(replay: Omit<Backtest, 'recommendation'>): string {
  const { rolledBackForNothing, terms, traffic, passed } = replay;
  const { settings } = terms;
  if (traffic.requestsPerMinute === 0) {
    return 'Nobody asked the service in that time: choose another, or the service that gets the requests.';
  }
  if (rolledBackForNothing.atLeast > settings.falseAlarmRate) {
    return `${percent(rolledBackForNothing.share)} of the rollouts would have been rolled back for nothing, more than false-alarm-rate promises: please report this.`;
  }
  if (passed.share >= MOST) {
    return `The settings fit: half of the first steps pass within ${inWords(passed.medianMinutes ?? 0)}.`;
  }
  return tooSlow(replay);
}

/** Steps that would wait in vain: more traffic, more tolerance or more time. */
function tooSlow({ terms, traffic, passed }: Omit<Backtest, 'recommendation'>): string {
  const { settings, sharePercent, stepTimeoutMinutes } = terms;
  const quiet = traffic.requestsPerMinuteWhenQuiet;
  const { errorRate } = traffic;
  const period = terms.periodSeconds / 60;
  /** In minutes, until the metrics are there. */
  const timeToPass = (share: number, errorTolerance: number): number => {
    const step = { share: share / 100, errorTolerance, warmUp: settings.warmUp };
    const periods = periodsToPass({ requests: quiet * period, errorRate }, step);
    return ((periods ?? Infinity) + settings.metricDelay) * period;
  };
  const fits = (minutes: number) => minutes <= COMFORT * stepTimeoutMinutes;
  const needed = timeToPass(sharePercent, settings.errorTolerance);
  const ladder = LADDERS.find(
    ([first]) => first > sharePercent && fits(timeToPass(first, settings.errorTolerance)),
  );
  const tolerance = TOLERANCES.find(
    (rate) => rate > settings.errorTolerance && fits(timeToPass(sharePercent, rate)),
  );
  const ways = [
    ladder && `take steps ${ladder.join(',')}`,
    tolerance && `set error-tolerance to ${percent(tolerance)}`,
    ladder || tolerance || !Number.isFinite(needed) ? null : `set step-timeout to ${inWords(needed)} or more`,
  ].filter(Boolean);
  const advice =
    ways.length > 0
      ? ways.join(' or ')
      : 'roll out when there are more requests, or set on-inconclusive to continue';
  const why = Number.isFinite(needed)
    ? `at ${about(quiet)} requests a minute a step of ${sharePercent}% needs about ${inWords(needed)} to pass`
    : `at ${about(quiet)} requests a minute a step of ${sharePercent}% does not pass`;
  return `${percent(passed.share)} of the first steps would have passed within step-timeout (${inWords(stepTimeoutMinutes)}), and in the quietest hours ${why}: ${advice}.`;
}

/** To the minute, or to ten of them in longer ones. */
function inWords(minutes: number): string {
  const grain = minutes > 60 ? 10 * MINUTE : minutes >= 1 ? MINUTE : SECOND;
  return inUnits(Math.ceil((minutes * MINUTE) / grain) * grain);
}
