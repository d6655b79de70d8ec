/**
 * Requests without an answer, by period: more requests than answers. A request that is counted in
 * one period and answered in the next is not one: surplus answers of a period are credited to the
 * period before.
 */
export function unanswered(requests: readonly number[], answered: readonly number[]): number[] {
  const missing = requests.map((count, t) => count - (answered[t] ?? 0));
  return missing.map((count, t) => Math.max(0, Math.max(0, count) - Math.max(0, -(missing[t + 1] ?? 0))));
}
