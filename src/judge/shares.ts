import { logSum } from './logarithm.ts';

/**
 * The weight of each test. Errors have most of it, because slowness shows in so many requests that
 * it needs little weight.
 */
const SHARES = { errors: 0.65, latency: 0.28, guard: 0.07, custom: 0.4 } as const;

export type TestName = keyof typeof SHARES;

const TESTS = ['errors', 'latency', 'guard', 'custom'] as const satisfies readonly TestName[];

/** By test; `null` when the test is not available in the recording. */
export type Shares = Readonly<Record<TestName, number | null>>;

/** The share of a test that is not available is divided among the others in proportion. */
export function sharesOf(had: Readonly<Record<TestName, boolean>>): Shares {
  const whole = TESTS.reduce((sum, test) => sum + (had[test] ? SHARES[test] : 0), 0);
  const share = (test: TestName): number | null => (had[test] ? SHARES[test] / whole : null);
  return {
    errors: share('errors'),
    latency: share('latency'),
    guard: share('guard'),
    custom: share('custom'),
  };
}

export interface Combination {
  /** ln of the total. */
  readonly total: number;
  /** The test with the largest part of it; `null` when there is none. */
  readonly strongest: TestName | null;
}

/**
 * The average of the tests' evidence, weighted by their shares. An average of e-values with fixed
 * weights is an e-value. `logs` are ln E. A test without a share does not count.
 */
export function combine(logs: Readonly<Record<TestName, number | null>>, shares: Shares): Combination {
  const parts = TESTS.flatMap((test) => {
    const [share, log] = [shares[test], logs[test]];
    return share === null || log === null ? [] : [{ test, log: Math.log(share) + log }];
  });
  if (parts.length === 0) return { total: 0, strongest: null };
  const strongest = parts.reduce((a, b) => (b.log > a.log ? b : a));
  return { total: logSum(parts.map(({ log }) => log)), strongest: strongest.test };
}
