import type { Counts, Minute, Recording, JudgeSettings } from '../../src/judge/recording.ts';
import type { Random } from './random.ts';

/** Errors and latencies of an arm in minute t. */
export interface Behaviour {
  /** Share of the requests that fail. */
  errorRate(t: number): number;
  /** Share of the requests that take longer than `times` times the usual median. */
  slower(times: number, t: number): number;
  /** Additional errors of sticky clients that retry many times. */
  storm?(t: number): number;
}

/** A simulated rollout. */
export interface Rollout {
  /** Of both arms together. */
  readonly requestsPerSecond: number;
  readonly steps: Recording['steps'];
  /** Share of the requests that the canary gets in minute t. */
  share(t: number): number;
  readonly minutes: number;
  readonly canary: Behaviour;
  readonly stable: Behaviour;
  readonly settings: Partial<JudgeSettings>;
}

export const MARGIN = 1.2;

/** Log-logistic latencies: median 1, p90 2.1, p99 4.6, with a realistically heavy tail. */
const SHAPE = 3;
export const usuallySlower = (times: number): number => (times <= 0 ? 1 : 1 / (1 + times ** SHAPE));
const THRESHOLDS = [0.5, 0.9, 0.99].map((quantile) => (quantile / (1 - quantile)) ** (1 / SHAPE));

export function record(rollout: Rollout, random: Random): Recording {
  const { requestsPerSecond, steps, canary, stable, settings } = rollout;
  const perMinute = requestsPerSecond * 60;
  const minutes = Array.from({ length: rollout.minutes }, (_, t): Minute => {
    const share = rollout.share(t);
    const ours = counts(random.poisson(perMinute * share), { behaviour: canary, margin: MARGIN, t }, random);
    const theirs = counts(
      random.poisson(perMinute * (1 - share)),
      { behaviour: stable, margin: 1, t },
      random,
    );
    return { t, ...(ours && { canary: ours }), ...(theirs && { stable: theirs }) };
  });
  return {
    period: 60,
    steps,
    minutes,
    settings: { warmUp: 0, metricDelay: 0, latencyMargin: MARGIN, ...settings },
  };
}

interface InMinute {
  readonly behaviour: Behaviour;
  readonly margin: number;
  readonly t: number;
}

/** `null` without requests, because CloudWatch then has no data point. */
function counts(asked: number, { behaviour, margin, t }: InMinute, random: Random): Counts | null {
  const again = behaviour.storm?.(t) ?? 0;
  const requests = asked + again;
  if (requests === 0) return null;
  let among = asked;
  let before = 1;
  const slow = THRESHOLDS.map((threshold) => {
    const beyond = behaviour.slower(margin * threshold, t);
    among = random.binomial(among, Math.min(1, beyond / before));
    before = beyond;
    return among;
  });
  return { requests, errors: random.binomial(asked, behaviour.errorRate(t)) + again, slow };
}
