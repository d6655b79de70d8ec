/**
 * E-values can become extremely large, so calculations use natural logarithms and convert only to
 * display.
 */

/** ln(sum of exp(x)), without overflow. */
export function logSum(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  if (!Number.isFinite(largest)) return largest;
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0));
}

/** ln(mean of exp(x)). */
export const logMean = (logs: readonly number[]): number => logSum(logs) - Math.log(logs.length);

/** exp(x), at most 1e308: JSON has no Infinity. */
export const fromLog = (log: number): number => Math.min(Math.exp(log), 1e308);
