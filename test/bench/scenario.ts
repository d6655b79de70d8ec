import type { Counts, Minute, Recording } from '../../src/judge/recording.ts';
import type { Random } from './random.ts';

/** A rollout that is invented: a canary at 10% for an hour, from the first judged minute on. */
export interface Scenario {
  readonly name: string;
  /** To both arms together. */
  readonly requestsPerSecond: number;
  /** Share of the requests to the canary: 0.1 unless told. */
  readonly share?: number;
  readonly canary: Behaviour;
  readonly stable: Behaviour;
}

export interface Behaviour {
  /** Share of the requests that fail in minute t. */
  errorRate(t: number): number;
  /** Share of the requests that take longer than so many times the usual median. */
  slower(times: number): number;
}

export const MINUTES = 60;

const BASE_RATE = 0.001;
const MARGIN = 1.2;
const SHARE = 0.1;

/** Log-logistic: a median of 1, a p90 of 2.1, a p99 of 4.6, with a tail as heavy as latencies have. */
const SHAPE = 3;
const usuallySlower = (times: number): number => (times <= 0 ? 1 : 1 / (1 + times ** SHAPE));
const THRESHOLDS = [0.5, 0.9, 0.99].map((quantile) => (quantile / (1 - quantile)) ** (1 / SHAPE));

export const healthy: Behaviour = { errorRate: () => BASE_RATE, slower: usuallySlower };

export const failing = (rate: number): Behaviour => ({ ...healthy, errorRate: () => rate });

/** Fails at `rate` in the minutes of [from, to), as usual otherwise. */
export const failingBetween = (rate: number, from: number, to: number): Behaviour => ({
  ...healthy,
  errorRate: (t) => (t >= from && t < to ? rate : BASE_RATE),
});

/** Every request takes so many times as long. */
export const slowed = (factor: number): Behaviour => ({
  ...healthy,
  slower: (times) => usuallySlower(times / factor),
});

/** A share of the requests takes longer by so many medians. */
export const slowTail = (share: number, medians: number): Behaviour => ({
  ...healthy,
  slower: (times) => (1 - share) * usuallySlower(times) + share * usuallySlower(times - medians),
});

export function record(
  { requestsPerSecond, share = SHARE, canary, stable }: Scenario,
  random: Random,
): Recording {
  const perMinute = requestsPerSecond * 60;
  const minutes = Array.from({ length: MINUTES }, (_, t): Minute => {
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
    steps: [{ at: 0, percent: share * 100 || SHARE * 100 }],
    minutes,
    settings: { warmUp: 0, metricDelay: 0, latencyMargin: MARGIN },
  };
}

interface InMinute {
  readonly behaviour: Behaviour;
  readonly margin: number;
  readonly t: number;
}

/** Null as CloudWatch has it: a minute without requests has no point. */
function counts(requests: number, { behaviour, margin, t }: InMinute, random: Random): Counts | null {
  if (requests === 0) return null;
  let among = requests;
  let before = 1;
  const slow = THRESHOLDS.map((threshold) => {
    const beyond = behaviour.slower(margin * threshold);
    among = random.binomial(among, beyond / before);
    before = beyond;
    return among;
  });
  return { requests, errors: random.binomial(requests, behaviour.errorRate(t)), slow };
}
