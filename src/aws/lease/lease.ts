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
  /** The longest wait for another run to end. */
  readonly patience: Milliseconds;
  /** An earlier process of this run may hold the lease: in a post step, the main step. */
  readonly inherited?: boolean;
  readonly tell: (event: Notice | Waiting) => void;
}

/**
 * The right to change a service, which only one run has at a time. The run tag on the service names
 * the run and the end of its lease.
 *
 * ECS has no conditional writes of tags. A run therefore writes its tag only when no live run holds
 * the service, waits until every other run must have read it, and holds the lease if its tag is
 * still present (Fischer's algorithm). A run reads the tag before every change and makes no more
 * changes once it reads the tag of another run. The new holder starts only after the last change of
 * the old one has taken effect. Their changes therefore never mix, whatever the length of an outage
 * or the error of a clock.
 */
export interface Lease {
  /**
   * Words for the other run that has taken over the service, which is final; `null` when none has.
   */
  readonly takenBy: string | null;
  /** Whether the lease has ended without a renewal, so that another run may hold the service. */
  readonly isInDoubt: boolean;
  /** False when AWS refuses to tag the service. */
  readonly tags: boolean;
  readonly run: Run;
  /**
   * Writes the run tag as soon as no other run holds the service, and waits for that according to
   * on-conflict. Resolves to true when it waited, so that earlier reads may be out of date. Rejects
   * with UserError, also when `signal` is aborted.
   */
  claim(signal: AbortSignal): Promise<boolean>;
  /**
   * Whether the claim succeeded: false when another run claimed at the same time. Rejects with
   * UserError.
   */
  held(): Promise<boolean>;
  /**
   * Call before every change: resolves if this run still holds the service. Rejects with UserError.
   */
  confirm(): Promise<void>;
  /**
   * Runs `work` without renewals, and waits for a pending renewal first: a renewal that takes
   * effect late would restore the tag that `work` removes.
   */
  atRest<T>(work: () => Promise<T>): Promise<T>;
  /**
   * The key of the run tag, to remove it together with other tags; empty when another run wrote it.
   */
  keysIn(tags: readonly Tag[]): readonly string[];
  /** Ends the renewals: the tag was removed together with other tags, or expires by itself. */
  end(): void;
  /** Removes the run tag of this run, if it is still present. Never rejects. */
  release(): Promise<void>;
}

/** A run that started and ended while this run could not reach AWS. */
const UNKNOWN_RUN = 'that started after this one';

/** The longest time without an answer of AWS before a claim fails. */
const NO_ANSWER = MINUTE;
/** No attempt to remove the run tag starts later. */
const RELEASE_LIMIT = 20 * SECOND;
const RELEASE_RETRY = SECOND;
/** A removal that takes longer is reported. */
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
  /** The end of the lease in the last run tag that is known to have been written by this run. */
  #until: number | null = null;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#service = new ServiceTags(options.ecs, options.clock, options.service);
    this.#renewal = new Renewal(options.clock, () => this.#renew());
    this.#claimed = options.inherited ?? false;
  }

  get takenBy(): string | null {
    return this.#takenBy;
  }

  get isInDoubt(): boolean {
    return this.#tags && this.#hasEnded();
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
          // What was cancelled must write nothing after the release.
          if (signal.aborted) throw new UserError(CANCELLED);
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
        // Another run may have taken over after the end of the lease, and have ended.
        if (this.#hasEnded()) this.#takenBy = UNKNOWN_RUN;
        // Another tool removed the tag, as some tools do with unknown tags. No other run holds the
        // service.
        else await this.#write();
      } else if (isLeaseOf(written, this.run)) this.#lastsUntil(written.until);
      else this.#takenBy = written.inWords;
    }
    if (this.#takenBy !== null) {
      this.#renewal.end();
      throw new UserError(
        `The run ${this.#takenBy} has taken over service ${this.#options.service.name}; this run makes no more changes.`,
      );
    }
  }

  async atRest<T>(work: () => Promise<T>): Promise<T> {
    await this.#writesEnded();
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
    const { clock } = this.#options;
    const since = clock.now();
    const quiet = this.#sayIfSlow();
    await this.#writesEnded();
    while (!(await this.#removed()) && clock.now() - since < RELEASE_LIMIT) await sleep(clock, RELEASE_RETRY);
    quiet();
  }

  /** One attempt; false when another one may succeed. A tag that remains expires by itself. */
  async #removed(): Promise<boolean> {
    try {
      const keys = this.keysIn(await this.#service.read());
      if (keys.length > 0) await this.#service.remove(keys);
      return true;
    } catch (error) {
      return !mayPass(error);
    }
  }

  /** Waits until no write of this run can take effect any more. */
  async #writesEnded(): Promise<void> {
    await this.#renewal.rest();
    await this.#service.writesEnded();
  }

  #sayIfSlow(): () => void {
    const { clock, tell } = this.#options;
    const since = clock.now();
    const until = since + RELEASE_LIMIT + 2 * CALL_LIMIT;
    const what = 'AWS to remove the run tag';
    return clock.after(NOTICEABLE, () =>
      tell({ kind: 'waiting', what, since, until, otherwise: 'it expires by itself' }),
    );
  }

  /** Other runs count from the last renewal, not from the last time this run read its tag. */
  #hasEnded(): boolean {
    return this.#until !== null && this.#options.clock.now() > this.#until;
  }

  /** A read may show an older tag. `null`: the tag was edited by hand. */
  #lastsUntil(until: number | null): void {
    this.#until = Math.max(this.#until ?? -Infinity, until ?? -Infinity);
  }

  async #take(whose: 'free' | 'ours', signal: AbortSignal): Promise<void> {
    // A write without an answer may take effect.
    this.#claimed = true;
    await this.#write();
    this.#claimed = this.#tags;
    if (this.#tags && whose === 'free') {
      this.#held = this.#stands(signal);
      // It may reject before `held` is called.
      this.#held.catch(() => {});
    } else {
      this.#held = Promise.resolve(true);
      this.#renewal.begin();
    }
  }

  /** Waits until every other run must have read the tag, then checks that it is still present. */
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

  /** If AWS refuses to tag the service, the run continues without a lease and reports that once. */
  async #write(): Promise<void> {
    const now = this.#options.clock.now();
    const refusal = await this.#service.write(tagFor(this.run, now + TERM));
    if (refusal === null) {
      this.#lastsUntil(now + TERM);
      return;
    }
    this.#tags = false;
    this.#renewal.end();
    this.#options.tell({ kind: 'notice', level: 'warning', message: `${refusal} ${WITHOUT_TAGS}` });
  }
}

const CANCELLED = 'Cancelled before anything was started.';

const WITHOUT_TAGS =
  "This run continues without a run tag: nothing prevents another run from changing the service at the same time, and if this run dies, you must restore the service's own deployment configuration by hand.";
