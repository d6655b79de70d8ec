/** 0 (inclusive) to 1 (exclusive). */
export type Random = () => number;

/**
 * From this variance on, a rounded normal number approximates the binomial one: faster, and good
 * enough for simulated users.
 */
const NORMAL_FROM = 12;

/** A random number of successes in `of` trials with `probability`. */
export function binomial(random: Random, of: number, probability: number): number {
  if (of <= 0 || probability <= 0) return 0;
  if (probability > 0.5) return of - binomial(random, of, 1 - probability);
  const mean = of * probability;
  const variance = mean * (1 - probability);
  if (variance > NORMAL_FROM)
    return Math.min(of, Math.max(0, Math.round(mean + Math.sqrt(variance) * normal(random))));
  const rate = -Math.log1p(-probability);
  const gap = () => Math.ceil(-Math.log(1 - random()) / rate);
  let happened = 0;
  for (let at = gap(); at <= of; at += Math.max(1, gap())) happened++;
  return happened;
}

/** Distributes `of` things randomly over parts with these shares, whose sum is 1. */
export function spreadOver(random: Random, of: number, shares: readonly number[]): number[] {
  let left = of;
  let share = 1;
  return shares.map((part, index) => {
    if (left === 0) return 0;
    const taken = index === shares.length - 1 ? left : binomial(random, left, Math.min(1, part / share));
    left -= taken;
    share -= part;
    return taken;
  });
}

/** A normally distributed number with mean 0 and standard deviation 1 (Box-Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
