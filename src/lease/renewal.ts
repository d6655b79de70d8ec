import type { Clock, Milliseconds } from '../time/clock.ts';
import { LOOK_EVERY, RENEW_EVERY } from './times.ts';

/** Keeps a lease from running out, until it is ended for good. */
export class Renewal {
  readonly #clock: Clock;
  readonly #renew: () => Promise<void>;
  #isEnded = false;
  #stop: () => void = () => {};

  /** `renew`: one try of it; it looks at `isEnded` before it writes. */
  constructor(clock: Clock, renew: () => Promise<void>) {
    this.#clock = clock;
    this.#renew = renew;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  begin(): void {
    this.#after(RENEW_EVERY);
  }

  end(): void {
    this.#isEnded = true;
    this.#stop();
  }

  #after(delay: Milliseconds): void {
    if (this.#isEnded) return;
    this.#stop = this.#clock.after(delay, () => {
      void this.#renew().then(
        () => this.#after(RENEW_EVERY),
        () => this.#after(LOOK_EVERY),
      );
    });
  }
}
