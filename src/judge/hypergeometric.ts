import type { Pair } from './tally.ts';

/**
 * The number of a period's bad requests in the canary when both arms are equally good: of n_c + n_s
 * requests, K were bad, and the canary got a random n_c of all requests.
 *
 *     h(x) = C(n_c, x) C(n_s, K - x) / C(n_c + n_s, K)
 *
 * When the odds are `ratio` times as high in the canary, the probability of x is h(x) ratio^x / sum
 * (Fisher's noncentral distribution).
 */
class Lot {
  readonly ours: number;
  readonly theirs: number;
  readonly bad: number;
  readonly least: number;
  readonly most: number;

  constructor({ canary, stable }: Pair) {
    this.ours = canary.of;
    this.theirs = stable.of;
    this.bad = canary.bad + stable.bad;
    this.least = Math.max(0, this.bad - this.theirs);
    this.most = Math.min(this.ours, this.bad);
  }

  /** h(x + 1) / h(x) */
  step(x: number): number {
    return ((this.ours - x) * (this.bad - x)) / ((x + 1) * (this.theirs - this.bad + x + 1));
  }

  /**
   * The x at which h(x) ratio^x is largest, or next to it: there, one step up and one step down are
   * almost equal.
   */
  peak(ratio: number): number {
    const linear = this.theirs - this.bad + ratio * (this.ours + this.bad);
    const constant = ratio * this.ours * this.bad;
    const root = Math.sqrt(linear * linear + 4 * (1 - ratio) * constant);
    const x = constant === 0 ? 0 : (2 * constant) / (linear + root);
    return Math.min(Math.max(Math.floor(x), this.least), this.most);
  }

  /** ln h(to) - ln h(from) */
  climb(from: number, to: number): number {
    if (to < from) return -this.climb(to, from);
    let log = 0;
    let product = 1;
    for (let x = from; x < to; x++) {
      product *= this.step(x);
      if (product < 1e-200 || product > 1e200) {
        log += Math.log(product);
        product = 1;
      }
    }
    return log + Math.log(product);
  }

  /**
   * The sum of h(x) ratio^x over all x, relative to its value at `peak`. Terms that cannot change
   * the last digit are ignored.
   */
  sumAround(peak: number, ratio: number): number {
    let sum = 1;
    let term = 1;
    for (let x = peak; x < this.most && term > sum * NEGLIGIBLE; x++) sum += term *= this.step(x) * ratio;
    term = 1;
    for (let x = peak; x > this.least && term > sum * NEGLIGIBLE; x--)
      sum += term /= this.step(x - 1) * ratio;
    return sum;
  }
}

const NEGLIGIBLE = 1e-19;

/** ln E[ratio^x] for each of the ratios, exactly. */
export function exactMeans(pair: Pair, ratios: readonly number[]): readonly number[] {
  const lot = new Lot(pair);
  let peak = lot.peak(1);
  const logAll = Math.log(lot.sumAround(peak, 1));
  let height = 0;
  return ratios.map((ratio) => {
    const next = lot.peak(ratio);
    height += lot.climb(peak, next);
    peak = next;
    return height + peak * Math.log(ratio) + Math.log(lot.sumAround(peak, ratio)) - logAll;
  });
}

/**
 * The probability of each possible number of bad requests in the canary, ascending from `least`.
 */
export function chances(pair: Pair): { readonly least: number; readonly probabilities: readonly number[] } {
  const lot = new Lot(pair);
  const peak = lot.peak(1);
  const all = lot.sumAround(peak, 1);
  const probabilities = Array.from(
    { length: lot.most - lot.least + 1 },
    (_, index) => Math.exp(lot.climb(peak, lot.least + index)) / all,
  );
  return { least: lot.least, probabilities };
}
