import { dispersion } from '../../src/judge/dispersion.ts';
import type { Random } from './random.ts';
import type { Signal } from './detectors/detector.ts';
import { usuallySlower, type Behaviour, type Rollout } from './traffic.ts';

/** An hour with the canary at 10%, judged from the first minute. Without a fault: 0.1% errors. */
export interface Scenario {
  readonly name: string;
  /** What is wrong with the canary; `null` for a good one, which must not be rolled back. */
  readonly fault: Signal | null;
  /** The signal for detectors that check only one. */
  readonly watched: Signal;
  /** The minute in which the fault starts. Default: 0. */
  readonly onset?: number;
  rollout(requestsPerSecond: number, random: Random): Rollout;
}

export const MINUTES = 60;
const SHARE = 0.1;
const BASE_RATE = 0.001;

const healthy: Behaviour = { errorRate: () => BASE_RATE, slower: usuallySlower };

/** A healthy rollout, except for `difference`. */
const differing =
  (difference: Partial<Rollout>): Scenario['rollout'] =>
  (requestsPerSecond) => ({
    requestsPerSecond,
    steps: [{ at: 0, percent: 100 * SHARE }],
    share: () => SHARE,
    minutes: MINUTES,
    canary: healthy,
    stable: healthy,
    settings: {},
    ...difference,
  });

const failing = (rate: number): Behaviour => ({ ...healthy, errorRate: () => rate });
const slowed = (factor: number): Behaviour => ({
  ...healthy,
  slower: (times) => usuallySlower(times / factor),
});

/** A share of the requests takes `medians` medians longer. */
const slowTail =
  (share: number, medians: number) =>
  (times: number): number =>
    (1 - share) * usuallySlower(times) + share * usuallySlower(times - medians);

const failsForSixMinutes = (rate: number): Behaviour => ({
  ...healthy,
  errorRate: (t) => (t >= 10 && t < 16 ? rate : BASE_RATE),
});
const bothFail = (rate: number): Scenario => ({
  name: `both arms fail ${rate * 100}% for 6 min`,
  fault: null,
  watched: 'errors',
  rollout: differing({ canary: failsForSixMinutes(rate), stable: failsForSixMinutes(rate) }),
});

const coldStart: Behaviour = {
  errorRate: (t) => (t < 3 ? 0.01 : BASE_RATE),
  slower: (times, t) => usuallySlower(t < 3 ? times / 3 : times),
};

/**
 * Sticky sessions: in one minute of ten, a client fails twenty times in the arm of its session. The
 * dispersion is that of the three hours before.
 */
const retryStorms: Scenario = {
  name: 'sticky retry storms',
  fault: null,
  watched: 'errors',
  rollout(requestsPerSecond, random) {
    const arms = Array.from({ length: MINUTES }, () =>
      random.uniform() < 0.1 ? (random.uniform() < SHARE ? 'canary' : 'stable') : null,
    );
    const storm = (arm: string) => (t: number) => (arms[t] === arm ? 20 : 0);
    const usual = requestsPerSecond * 60 * (1 - SHARE) * BASE_RATE;
    const before = Array.from(
      { length: 180 },
      () => random.poisson(usual) + (random.uniform() < 0.1 * (1 - SHARE) ? 20 : 0),
    );
    return differing({
      canary: { ...healthy, storm: storm('canary') },
      stable: { ...healthy, storm: storm('stable') },
      settings: { dispersion: dispersion(before) },
    })(requestsPerSecond, random);
  },
};

/**
 * The canary runs on one host, stable on nine. The hosts differ by about 5% and vary by another 5%
 * from minute to minute. In one minute of twenty, 2% of a host's requests are delayed.
 */
const hostNoise: Scenario = {
  name: 'host-to-host noise',
  fault: null,
  watched: 'latency',
  rollout(requestsPerSecond, random) {
    const host = () => {
      const lasting = 0.05 * random.normal();
      const minutes = Array.from({ length: MINUTES }, () => ({
        factor: Math.exp(lasting + 0.05 * random.normal()),
        tail: slowTail(random.uniform() < 0.05 ? 0.02 : 0, 10),
      }));
      return (times: number, t: number) => {
        const { factor, tail } = minutes[t] ?? { factor: 1, tail: usuallySlower };
        return tail(times / factor);
      };
    };
    const [first, ...others] = Array.from({ length: 10 }, host);
    const mean = (times: number, t: number) =>
      others.reduce((sum, slower) => sum + slower(times, t), 0) / others.length;
    return differing({
      canary: { ...healthy, slower: first ?? usuallySlower },
      stable: { ...healthy, slower: mean },
    })(requestsPerSecond, random);
  },
};

const errors = (rate: number): Scenario => ({
  name: `${rate * 100}% errors`,
  fault: 'errors',
  watched: 'errors',
  rollout: differing({ canary: failing(rate) }),
});

const STEPS = [10, 30, 60, 90, 100].map((percent, step) => ({ at: 12 * step, percent }));

const ONSET = 40;

export const SCENARIOS: readonly Scenario[] = [
  { name: 'nothing wrong', fault: null, watched: 'errors', rollout: differing({}) },
  {
    name: '20% slower, as allowed',
    fault: null,
    watched: 'latency',
    rollout: differing({ canary: slowed(1.2) }),
  },
  bothFail(0.05),
  bothFail(0.5),
  {
    name: 'cold start, warm-up of 3 min',
    fault: null,
    watched: 'errors',
    rollout: differing({ canary: coldStart, settings: { warmUp: 3 } }),
  },
  retryStorms,
  hostNoise,
  { name: 'canary gets no traffic', fault: null, watched: 'errors', rollout: differing({ share: () => 0 }) },
  errors(0.002),
  errors(0.005),
  errors(0.01),
  errors(0.05),
  errors(0.5),
  {
    name: '50% errors, in the warm-up',
    fault: 'errors',
    watched: 'errors',
    rollout: differing({ canary: failing(0.5), settings: { warmUp: 3 } }),
  },
  {
    name: `1% errors from minute ${ONSET} on`,
    fault: 'errors',
    watched: 'errors',
    onset: ONSET,
    rollout: differing({
      minutes: ONSET + MINUTES,
      canary: { ...healthy, errorRate: (t) => (t < ONSET ? BASE_RATE : 0.01) },
    }),
  },
  { name: 'latency +50%', fault: 'latency', watched: 'latency', rollout: differing({ canary: slowed(1.5) }) },
  { name: 'latency x2', fault: 'latency', watched: 'latency', rollout: differing({ canary: slowed(2) }) },
  {
    name: '2% of requests +1 s (ten medians)',
    fault: 'latency',
    watched: 'latency',
    rollout: differing({ canary: { ...healthy, slower: slowTail(0.02, 10) } }),
  },
  {
    name: 'ramp 10, 30, 60, 90, 100%',
    fault: null,
    watched: 'errors',
    rollout: differing({
      steps: STEPS,
      share: (t) => (STEPS.findLast(({ at }) => at <= t)?.percent ?? 0) / 100,
    }),
  },
];
