import { logSum } from './logarithm.ts';

/** How much each test has to say. */
const SHARES = [
  { test: 'errors', share: 0.5 },
  { test: 'latency', share: 0.4 },
  { test: 'guard', share: 0.1 },
] as const;

export type TestName = (typeof SHARES)[number]['test'];

export interface Combination {
  /** ln of the total. */
  readonly total: number;
  /** The test with the largest part in it; null: there is none. */
  readonly strongest: TestName | null;
}

/**
 * The average of the tests' evidence by their shares: of e-values, with fixed weights, an e-value again. `logs` are ln E; a test
 * that cannot be had in the whole recording is null and leaves its share to the others in proportion.
 */
export function combine(logs: Readonly<Record<TestName, number | null>>): Combination {
  const had = SHARES.filter(({ test }) => logs[test] !== null);
  if (had.length === 0) return { total: 0, strongest: null };
  const whole = had.reduce((sum, { share }) => sum + share, 0);
  const parts = had.map(({ test, share }) => ({ test, log: Math.log(share / whole) + (logs[test] ?? 0) }));
  const strongest = parts.reduce((a, b) => (b.log > a.log ? b : a));
  return { total: logSum(parts.map(({ log }) => log)), strongest: strongest.test };
}
