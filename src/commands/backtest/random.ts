/** Random numbers from a seed; the same on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** Above 0 and below 1: a Weyl sequence, mixed by two multiplications. */
  uniform(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
    bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
    return (((bits ^ (bits >>> 15)) >>> 0) + 0.5) / 2 ** 32;
  }

  /** Draws from the binomial distribution: `of` trials with `probability`. */
  binomial(of: number, probability: number): number {
    if (probability > 0.5) return of - this.binomial(of, 1 - probability);
    if (of === 0 || probability <= 0) return 0;
    const mean = of * probability;
    const variance = mean * (1 - probability);
    if (variance > NORMAL_FROM) return clamp(this.#normal(mean, variance), 0, of);
    // Draws the gaps between successes.
    const rate = -Math.log1p(-probability);
    const gap = () => Math.max(1, Math.ceil(-Math.log(this.uniform()) / rate));
    let happened = 0;
    for (let at = gap(); at <= of; at += gap()) happened++;
    return happened;
  }

  /** Draws from the hypergeometric distribution: `marked` of `of`, `drawn` without replacement. */
  hypergeometric(of: number, marked: number, drawn: number): number {
    if (2 * marked > of) return drawn - this.hypergeometric(of, of - marked, drawn);
    if (2 * drawn > of) return marked - this.hypergeometric(of, marked, of - drawn);
    // `drawn` and `marked` are interchangeable; a smaller `marked` is faster.
    if (marked > drawn) return this.hypergeometric(of, drawn, marked);
    if (marked === 0) return 0;
    const share = drawn / of;
    const variance = (marked * share * (1 - share) * (of - marked)) / Math.max(1, of - 1);
    if (variance > NORMAL_FROM) {
      return clamp(
        this.#normal(marked * share, variance),
        Math.max(0, marked + drawn - of),
        Math.min(marked, drawn),
      );
    }
    // Decides for each marked item whether it is drawn.
    let found = 0;
    for (let seen = 0; seen < marked; seen++) {
      if (this.uniform() * (of - seen) < drawn - found) found++;
    }
    return found;
  }

  #normal(mean: number, variance: number): number {
    const radius = Math.sqrt(-2 * Math.log(this.uniform()));
    return Math.round(mean + Math.sqrt(variance) * radius * Math.cos(2 * Math.PI * this.uniform()));
  }
}

/** From this variance on, a rounded normal number is a good and fast approximation. */
const NORMAL_FROM = 400;

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
