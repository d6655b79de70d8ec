import { judge } from '../../judge/judge.ts';
import type { Recording } from '../../judge/recording.ts';
import { MINUTE, SECOND } from '../../core/time/clock.ts';
import { atLeast, atMost } from './confidence.ts';
import type { History, Served } from './history.ts';
import { Random } from './random.ts';
import { recommend } from './recommendation.ts';
import { verdictsSoFar } from './so-far.ts';
import { split } from './split.ts';
import type { BacktestSettings, Backtest, RateOfRollouts, Fault } from './model.ts';

const FAULTS = [0.01, 0.05, 0.5];
/** The share of rollouts to simulate with each fault: fewer are enough to measure its duration. */
const FAULTY = 0.2;
const QUIET = 0.05;

/**
 * Simulates rollouts that start at regular intervals over a history, and evaluates each with the
 * judge. Does not model differences between hosts and the clustered errors of sticky sessions.
 * Pure: the same seed gives the same result.
 */
export function backtest(history: History, terms: BacktestSettings): Backtest {
  const { rollouts, length, settings } = terms;
  const random = new Random(terms.seed);
  const rehearsal = new Rehearsal(history, terms, random);
  const healthy = rehearsal.rollouts(rollouts, 0);
  const rolledBack = healthy.filter(({ rolledBackAt }) => rolledBackAt !== null).length;
  const passedAt = healthy.map(({ passedAt }) => passedAt ?? Infinity);
  const inTime = passedAt.filter((at) => at <= terms.stepTimeout);
  const minutes = minutesIn(history);
  const without = {
    from: new Date(history.origin).toISOString(),
    to: new Date(history.origin + history.periods * history.period).toISOString(),
    traffic: rehearsal.traffic(),
    terms: {
      sharePercent: Number((terms.share * 100).toFixed(4)),
      lengthMinutes: minutes(length),
      stepTimeoutMinutes: minutes(terms.stepTimeout),
      periodSeconds: history.period / SECOND,
      seed: terms.seed,
      settings,
    },
    rolledBackForNothing: {
      ...shareOf(rolledBack, rollouts),
      atLeast: atLeast(rolledBack, rollouts),
      atMost: atMost(rolledBack, rollouts),
    },
    passed: { ...shareOf(inTime.length, rollouts), medianMinutes: quantile(passedAt.map(minutes), 0.5) },
    faults: FAULTS.map((errorRate): Fault => {
      const faulty = rehearsal.rollouts(Math.ceil(rollouts * FAULTY), errorRate);
      const lived = faulty.map(({ rolledBackAt }) => minutes(rolledBackAt ?? Infinity));
      return {
        errorRate,
        rollouts: faulty.length,
        found: lived.filter(Number.isFinite).length,
        medianMinutes: quantile(lived, 0.5),
        ninetyPercentMinutes: quantile(lived, 0.9),
      };
    }),
  };
  return { ...without, recommendation: recommend(without) };
}

/** In periods after the start, including the metric delay; `null` if not before the end. */
interface Rehearsed {
  readonly rolledBackAt: number | null;
  readonly passedAt: number | null;
}

class Rehearsal {
  readonly #history: History;
  readonly #terms: BacktestSettings;
  readonly #random: Random;
  readonly #byPeriod: readonly (Served | undefined)[];

  constructor(history: History, terms: BacktestSettings, random: Random) {
    this.#history = history;
    this.#terms = terms;
    this.#random = random;
    const byPeriod = Array.from<Served | undefined>({ length: history.periods });
    for (const served of history.served) byPeriod[served.t] = served;
    this.#byPeriod = byPeriod;
  }

  /** Simulates `count` rollouts: the first starts with the history, the last ends with it. */
  rollouts(count: number, fault: number): readonly Rehearsed[] {
    return this.#begins(count).map((begin) => this.#rollout(begin, fault));
  }

  traffic(): Backtest['traffic'] {
    const { served, periods } = this.#history;
    const { stepTimeout, rollouts } = this.#terms;
    const perMinute = (requests: number, over: number) => (requests / over) * (MINUTE / this.#history.period);
    const steps = this.#begins(rollouts).map((begin) =>
      perMinute(total(this.#byPeriod.slice(begin, begin + stepTimeout), 'requests'), stepTimeout),
    );
    const requests = total(served, 'requests');
    return {
      requestsPerMinute: rounded(perMinute(requests, periods)),
      requestsPerMinuteWhenQuiet: rounded(quantile(steps, QUIET) ?? 0),
      errorRate: requests === 0 ? 0 : total(served, 'errors') / requests,
      latency: served.some(({ slow }) => slow !== null),
    };
  }

  #begins(count: number): readonly number[] {
    const last = this.#history.periods - this.#terms.length;
    return Array.from({ length: count }, (_, index) => Math.round((index * last) / (count - 1)));
  }

  #rollout(begin: number, fault: number): Rehearsed {
    const { share, length, settings } = this.#terms;
    const pretence = { share, fault };
    const minutes = this.#byPeriod
      .slice(begin, begin + length)
      .flatMap((served, t) => (served === undefined ? [] : [split(served, t, pretence, this.#random)]));
    const recording: Recording = {
      period: this.#history.period / SECOND,
      steps: [{ at: 0, percent: share * 100 }],
      minutes,
      // The history is complete: the delay only affects when a verdict would have been known.
      settings: { ...settings, metricDelay: 0 },
    };
    const verdict = judge(recording);
    const passed = verdictsSoFar(recording, verdict.evidence).indexOf('pass');
    const known = (t: number) => t + 1 + settings.metricDelay;
    return {
      rolledBackAt: verdict.verdict === 'rollback' ? known(verdict.minute) : null,
      passedAt: passed === -1 ? null : known(verdict.evidence[passed]!.t),
    };
  }
}

const minutesIn =
  ({ period }: History) =>
  (periods: number): number =>
    rounded((periods * period) / MINUTE);

const shareOf = (count: number, of: number): RateOfRollouts => ({ rollouts: of, count, share: count / of });

const rounded = (value: number): number => (Number.isFinite(value) ? Number(value.toPrecision(4)) : value);

const total = (served: readonly (Served | undefined)[], what: 'requests' | 'errors'): number =>
  served.reduce((sum, period) => sum + (period?.[what] ?? 0), 0);

/** The least value that `share` of the values do not exceed; `null` if it is infinite. */
function quantile(values: readonly number[], share: number): number | null {
  const value = values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)];
  return value !== undefined && Number.isFinite(value) ? value : null;
}
