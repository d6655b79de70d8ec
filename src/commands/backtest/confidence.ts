const DOUBT = 0.05;

/**
 * The largest probability at which `happened` or fewer of `of` still have a chance of 5%
 * (Clopper & Pearson, one-sided).
 */
export function atMost(happened: number, of: number): number {
  if (happened >= of) return 1;
  let [low, high] = [happened / of, 1];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (chanceOfSoFew(happened, of, middle) > DOUBT) low = middle;
    else high = middle;
  }
  return high;
}

/** The smallest probability at which `happened` or more still have a chance of 5%. */
export const atLeast = (happened: number, of: number): number => 1 - atMost(of - happened, of);

/** P(X <= happened), X binomial. */
function chanceOfSoFew(happened: number, of: number, probability: number): number {
  const logOdds = Math.log(probability) - Math.log1p(-probability);
  let log = of * Math.log1p(-probability);
  let chance = Math.exp(log);
  for (let k = 1; k <= happened; k++) {
    log += Math.log((of - k + 1) / k) + logOdds;
    chance += Math.exp(log);
  }
  return chance;
}
