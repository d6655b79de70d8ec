import { Random as Lots } from '../../src/commands/backtest/random.ts';

/** Random numbers for simulated traffic. A seed gives the same numbers on every machine. */
export class Random extends Lots {
  /** A Poisson-distributed number. */
  poisson(mean: number): number {
    if (mean > NORMAL_FROM) return this.#rounded(mean, mean);
    let arrivals = 0;
    for (let time = this.#gap(); time < mean; time += this.#gap()) arrivals++;
    return arrivals;
  }

  /** A binomially distributed number. */
  override binomial(of: number, probability: number): number {
    if (probability > 0.5) return of - this.binomial(of, 1 - probability);
    if (of === 0 || probability === 0) return 0;
    const mean = of * probability;
    const variance = mean * (1 - probability);
    if (variance > NORMAL_FROM) return Math.min(of, this.#rounded(mean, variance));
    const rate = -Math.log1p(-probability);
    let happened = 0;
    for (let at = Math.ceil(this.#gap() / rate); at <= of; at += Math.ceil(this.#gap() / rate)) happened++;
    return happened;
  }

  /** Exponentially distributed with mean 1. */
  #gap(): number {
    return -Math.log(this.uniform());
  }

  /** Normally distributed with mean 0 and standard deviation 1. */
  normal(): number {
    return Math.sqrt(2 * this.#gap()) * Math.cos(2 * Math.PI * this.uniform());
  }

  #rounded(mean: number, variance: number): number {
    return Math.max(0, Math.round(mean + Math.sqrt(variance) * this.normal()));
  }
}

/** From this variance, a rounded normal number is exact enough for these tables and much faster. */
const NORMAL_FROM = 400;
