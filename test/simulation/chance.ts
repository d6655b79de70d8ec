// Seeded random choices. All randomness of a trial comes from here, so the seed determines the
// trial.
import { seeded } from '../support/simulated-aws.ts';

export class Chance {
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seeded(seed);
    // The first numbers of neighbouring seeds are similar.
    for (let i = 0; i < 8; i++) this.random();
  }

  happens(probability: number): boolean {
    return this.random() < probability;
  }

  between(least: number, most: number): number {
    return least + this.random() * (most - least);
  }

  whole(least: number, most: number): number {
    return Math.floor(this.between(least, most + 1));
  }

  /** Uniform on a logarithmic scale: between 1 and 10 is as likely as between 10 and 100. */
  magnitude(least: number, most: number): number {
    return Math.exp(this.between(Math.log(least), Math.log(most)));
  }

  oneOf<T>(...things: readonly T[]): T {
    return things[this.whole(0, things.length - 1)]!;
  }

  /** One of the keys, by their weights. */
  kind<K extends string>(weights: Readonly<Record<K, number>>): K {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its own keys
    const entries = Object.entries(weights) as [K, number][];
    let point = this.random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    return (entries.find(([, weight]) => (point -= weight) < 0) ?? entries[0]!)[0];
  }
}
