/**
 * Variance to mean of the errors of a period: 1 when requests fail independently, more when errors come in clumps, as with sticky
 * sessions, where a client that fails stays and tries again. 1 at least; also where there is too little to tell.
 *
 * `errors` are the stable arm's counts, one a period, of the three hours before the rollout; a period without requests has none.
 */
export function dispersion(errors: readonly number[]): number {
  const mean = errors.reduce((sum, count) => sum + count, 0) / errors.length;
  if (errors.length < 2 || mean === 0) return 1;
  const variance = errors.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (errors.length - 1);
  return Math.max(1, variance / mean);
}
