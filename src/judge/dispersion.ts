/**
 * Variance to mean of the errors of a period: 1 when requests fail independently, more when errors
 * come in clusters, as with sticky sessions, where a failing client stays on its target and
 * retries. At least 1, and 1 when there is too little data.
 *
 * `errors` are the stable arm's counts, one per period with requests, of the three
 * hours before the rollout.
 */
export function dispersion(errors: readonly number[]): number {
  const mean = errors.reduce((sum, count) => sum + count, 0) / errors.length;
  if (errors.length < 2 || mean === 0) return 1;
  const variance = errors.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (errors.length - 1);
  return Math.max(1, variance / mean);
}
