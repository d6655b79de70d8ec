import type { Clock, Milliseconds } from '../../core/time/clock.ts';
import { LOOK_EVERY, RENEW_EVERY } from './times.ts';

/** Renews a lease regularly until `end`. */
export class Renewal {
  readonly #clock: Clock;
  readonly #renew: () => Promise<void>;
  #begun = false;
  #isEnded = false;
  #rests = false;
  #stop: () => void = () => {};
  #underWay: Promise<void> = Promise.resolve();

  /** `renew`: one attempt, which checks `isEnded` before it writes. */
  constructor(clock: Clock, renew: () => Promise<void>) {
    this.#clock = clock;
    this.#renew = renew;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  begin(): void {
    this.#begun = true;
    this.#after(RENEW_EVERY);
  }

  end(): void {
    this.#isEnded = true;
    this.#stop();
  }

  /**
   * Suspends renewals until `resume`. Resolves when the pending renewal has ended; never rejects.
   */
  rest(): Promise<void> {
    this.#rests = true;
    this.#stop();
    return this.#underWay;
  }

  resume(): void {
    this.#rests = false;
    if (this.#begun) this.#after(RENEW_EVERY);
  }

  #after(delay: Milliseconds): void {
    this.#stop();
    if (this.#isEnded || this.#rests) return;
    this.#stop = this.#clock.after(delay, () => {
      this.#underWay = this.#renew().then(
        () => this.#after(RENEW_EVERY),
        () => this.#after(LOOK_EVERY),
      );
    });
  }
}
