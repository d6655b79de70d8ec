/**
 * Requests that got no answer, by period: more requests than answers. A request that is counted in one period and answered in the
 * next is none: what a period has too many answers is paid back to the one before it.
 */
export function unanswered(requests: readonly number[], answered: readonly number[]): number[] {
  const missing = requests.map((count, t) => count - (answered[t] ?? 0));
  return missing.map((count, t) => Math.max(0, Math.max(0, count) - Math.max(0, -(missing[t + 1] ?? 0))));
}
