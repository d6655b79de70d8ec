import { logSum } from './logarithm.ts';

/** How much each test has to say. Most of it about errors: slowness shows in so many requests that it needs little. */
const SHARES = { errors: 0.65, latency: 0.28, guard: 0.07, custom: 0.4 } as const;

export type TestName = keyof typeof SHARES;

const TESTS = ['errors', 'latency', 'guard', 'custom'] as const satisfies readonly TestName[];

/** By test; null: it cannot be had in the whole recording. */
export type Shares = Readonly<Record<TestName, number | null>>;

/** A test that cannot be had leaves its share to the others in proportion. */
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
  /** The test with the largest part in it; null: there is none. */
  readonly strongest: TestName | null;
}

/**
 * The average of the tests' evidence by their shares: of e-values, with fixed weights, an e-value again. `logs` are ln E; a test
 * without a share counts for nothing.
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
