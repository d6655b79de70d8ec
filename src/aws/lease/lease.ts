import type { ECSClient, Tag } from '@aws-sdk/client-ecs';
import { mayPass } from '../errors.ts';
import { MINUTE, SECOND, sleep, type Clock, type Milliseconds } from '../../core/time/clock.ts';
import type { Notice, Waiting } from '../../core/trail/event.ts';
import { Queue } from './queue.ts';
import { Renewal } from './renewal.ts';
import type { Run } from '../../core/run.ts';
import { isLeaseOf, leaseKeys, tagFor, writtenIn, type WrittenLease } from './run-tag.ts';
import { ServiceTags, type LeasedService } from './service-tags.ts';
import { CALL_LIMIT, LOOK_EVERY, TERM, CLAIM_WAIT } from './times.ts';
import { UserError } from '../../core/failure.ts';

export interface LeaseOptions {
  readonly ecs: ECSClient;
  readonly clock: Clock;
  readonly run: Run;
  readonly service: LeasedService;
  readonly onConflict: 'wait' | 'fail';
  /** The longest wait for another run. */
  readonly patience: Milliseconds;
  /** An earlier process of this run may hold it: the main step, whose post step this is. */
  readonly inherited?: boolean;
  readonly tell: (event: Notice | Waiting) => void;
}

/**
 * The right to act on a service, which one run has at a time: a tag on the service says which, and until when.
 *
 * Tags cannot be written on condition. So a run writes its name only where no living run's stands, waits until everybody must have
 * seen it, and holds the lease if its name still stands (Fischer's algorithm). Every act is preceded by a look at the tag: whoever
 * sees another name there never acts again. The new holder begins only when the old one's last act has taken effect, so that
 * their acts never mix, however long either was cut off and whatever their clocks say.
 */
export interface Lease {
  /** The other run that has taken it from us, in words; null: none has. Once taken it is lost for good. */
  readonly takenBy: string | null;
  /** False: AWS does not let us tag the service. */
  readonly tags: boolean;
  readonly run: Run;
  /**
   * Writes our name as soon as no other run is at work, waiting for it as on-conflict says. True: it waited, and what was read
   * before may have changed. Rejects with UserError, also when `signal` is aborted.
   */
  claim(signal: AbortSignal): Promise<boolean>;
  /** Whether the claim stood: false when another run claimed at the same moment. Rejects with UserError. */
  held(): Promise<boolean>;
  /** Before every act: resolves if the service is still ours. Rejects with UserError. */
  confirm(): Promise<void>;
  /**
   * Nothing is renewed while `work` goes on, and no renewal is under way when it begins: one that takes effect late would bring back
   * the tag that `work` takes away.
   */
  atRest<T>(work: () => Promise<T>): Promise<T>;
  /** The tag to take away together with others; none where it is not ours. */
  keysIn(tags: readonly Tag[]): readonly string[];
  /** Renews it no more: it was taken away together with other tags, or is left to end by itself. */
  end(): void;
  /** Takes our name away, if it still stands there. Never rejects. */
  release(): Promise<void>;
}

/** It came and went while this one was cut off. */
const UNKNOWN_RUN = 'that followed this one';

/** For so long AWS may give no answer to a claim. */
const NO_ANSWER = MINUTE;
/** A cancelled job has no more than some seconds. */
const RELEASE_LIMIT = 20 * SECOND;
/** What takes longer is told. */
const NOTICEABLE = SECOND;

export function createLease(options: LeaseOptions): Lease {
  return new TagLease(options);
}

class TagLease implements Lease {
  readonly #options: LeaseOptions;
  readonly #service: ServiceTags;
  readonly #renewal: Renewal;
  #takenBy: string | null = null;
  #tags = true;
  #claimed: boolean;
  #held: Promise<boolean> = Promise.resolve(false);
  /** When our name was last known to stand there. */
  #oursAt: number | null = null;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#service = new ServiceTags(options.ecs, options.clock, options.service);
    this.#renewal = new Renewal(options.clock, () => this.#renew());
    this.#claimed = options.inherited ?? false;
  }

  get takenBy(): string | null {
    return this.#takenBy;
  }

  get tags(): boolean {
    return this.#tags;
  }

  get run(): Run {
    return this.#options.run;
  }

  async claim(signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#options;
    const queue = new Queue(this.#options);
    let answeredAt = clock.now();
    let waited = false;
    for (;;) {
      try {
        const written = await this.#look();
        answeredAt = clock.now();
        const whose = queue.standing(written);
        if (whose !== 'taken') {
          await this.#take(whose, signal);
          return waited;
        }
        waited = true;
        queue.waitOrRefuse(written!);
      } catch (error) {
        this.#throwUnlessLater(error, answeredAt);
      }
      await sleep(clock, LOOK_EVERY, signal);
      if (signal.aborted) throw new UserError(CANCELLED);
    }
  }

  held(): Promise<boolean> {
    return this.#held;
  }

  async confirm(): Promise<void> {
    if (this.#takenBy === null && this.#tags) {
      const written = await this.#look();
      if (written === null) {
        // Cut off for longer than the lease holds: another run may have had it, and be done.
        if (this.#wasCutOff()) this.#takenBy = UNKNOWN_RUN;
        // Somebody took it away, as tools do with tags they do not know: nobody else's name stands there.
        else await this.#write();
      } else if (isLeaseOf(written, this.run)) this.#oursAt = this.#options.clock.now();
      else this.#takenBy = written.inWords;
    }
    if (this.#takenBy !== null) {
      this.#renewal.end();
      throw new UserError(
        `The run ${this.#takenBy} has taken service ${this.#options.service.name} over; this one no longer acts.`,
      );
    }
  }

  async atRest<T>(work: () => Promise<T>): Promise<T> {
    await this.#renewal.rest();
    try {
      return await work();
    } finally {
      this.#renewal.resume();
    }
  }

  keysIn(tags: readonly Tag[]): readonly string[] {
    return this.#claimed && this.#tags ? leaseKeys(tags, this.run) : [];
  }

  end(): void {
    this.#renewal.end();
    this.#claimed = false;
  }

  async release(): Promise<void> {
    this.#renewal.end();
    if (!this.#claimed || this.#takenBy !== null || !this.#tags) return;
    const quiet = this.#sayIfSlow();
    try {
      await this.#renewal.rest();
      const keys = this.keysIn(await this.#service.read());
      if (keys.length > 0) await this.#service.remove(keys, RELEASE_LIMIT);
    } catch {
      // It ends by itself.
    } finally {
      quiet();
    }
  }

  #sayIfSlow(): () => void {
    const { clock, tell } = this.#options;
    const since = clock.now();
    const until = since + CALL_LIMIT + RELEASE_LIMIT;
    const what = 'AWS to take the lease away';
    return clock.after(NOTICEABLE, () =>
      tell({ kind: 'waiting', what, since, until, otherwise: 'it ends by itself' }),
    );
  }

  #wasCutOff(): boolean {
    return this.#oursAt !== null && this.#options.clock.now() - this.#oursAt > TERM;
  }

  async #take(whose: 'free' | 'ours', signal: AbortSignal): Promise<void> {
    await this.#write();
    this.#claimed = this.#tags;
    if (this.#tags && whose === 'free') {
      this.#held = this.#stands(signal);
      // It may fail before anybody asks.
      this.#held.catch(() => {});
    } else {
      this.#held = Promise.resolve(true);
      this.#renewal.begin();
    }
  }

  /** Waits until everybody must have seen our name, and looks whether it still stands. */
  async #stands(signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#options;
    await sleep(clock, this.run.claimWait ?? CLAIM_WAIT, signal);
    const since = clock.now();
    for (;;) {
      if (signal.aborted) throw new UserError(CANCELLED);
      try {
        const written = await this.#look();
        this.#claimed = written !== null && isLeaseOf(written, this.run);
        if (this.#claimed) this.#renewal.begin();
        return this.#claimed;
      } catch (error) {
        this.#throwUnlessLater(error, since);
      }
      await sleep(clock, LOOK_EVERY, signal);
    }
  }

  #throwUnlessLater(error: unknown, answeredAt: number): void {
    if (!mayPass(error) || this.#options.clock.now() - answeredAt > NO_ANSWER) throw error;
  }

  async #renew(): Promise<void> {
    await this.confirm();
    if (!this.#renewal.isEnded) await this.#write();
  }

  async #look(): Promise<WrittenLease | null> {
    return writtenIn(await this.#service.read());
  }

  /** Where tagging is refused for good, the run goes on without a lease, and says so once. */
  async #write(): Promise<void> {
    const now = this.#options.clock.now();
    const refusal = await this.#service.write(tagFor(this.run, now + TERM));
    if (refusal === null) {
      this.#oursAt = now;
      return;
    }
    this.#tags = false;
    this.#renewal.end();
    this.#options.tell({ kind: 'notice', level: 'warning', message: `${refusal} ${WITHOUT_TAGS}` });
  }
}

const CANCELLED = 'Cancelled before anything was started.';

const WITHOUT_TAGS =
  "This run goes on without a lease: nothing keeps another one from acting on the service at the same time, and should this one die, the service's own deployment configuration must be restored by hand.";
