import {
  DescribeServicesCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type ECSClient,
  type Tag,
} from '@aws-sdk/client-ecs';
import { bounded } from '../aws/bounded.ts';
import { explained, inWords, mayPass, Refused } from '../aws/refusals.ts';
import { MINUTE, SECOND, sleep, type Clock, type Milliseconds } from '../time/clock.ts';
import type { Noticed, Waiting } from '../trail/event.ts';
import type { Run } from './run.ts';
import { isOurs, leaseKeys, standing, tagFor, writtenIn, type Written } from './run-tag.ts';
import { CALL_LIMIT, CLOCK_SKEW, RENEW_EVERY, TERM } from './times.ts';

export { identify, type Run } from './run.ts';
export { isDead, writtenIn, type Written } from './run-tag.ts';
export { ACT_LIMIT } from './times.ts';

export interface LeaseOptions {
  readonly ecs: ECSClient;
  readonly clock: Clock;
  readonly run: Run;
  readonly service: { readonly cluster: string; readonly name: string };
  readonly onConflict: 'wait' | 'fail';
  /** The longest wait for another run. */
  readonly patience: Milliseconds;
  /** An earlier process of this run may hold it: the main step, whose post step this is. */
  readonly inherited?: boolean;
  readonly tell: (happening: Noticed | Waiting) => void;
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
   * before may have changed. Rejects with Refused, also when `signal` is aborted.
   */
  claim(signal: AbortSignal): Promise<boolean>;
  /** Whether the claim stood: false when another run claimed at the same moment. Rejects with Refused. */
  held(): Promise<boolean>;
  /** Before every act: resolves if the service is still ours. Rejects with Refused. */
  confirm(): Promise<void>;
  /** The tag to take away together with others; none where it is not ours. */
  keysIn(tags: readonly Tag[]): readonly string[];
  /** Renews it no more: it was taken away together with other tags, or is left to end by itself. */
  end(): void;
  /** Takes our name away, if it still stands there. Never rejects. */
  release(): Promise<void>;
}

/** It came and went while this one was cut off. */
const UNKNOWN_RUN = 'that followed this one';

/** Between two looks while another run holds it. */
const LOOK_EVERY = 5 * SECOND;
/** For so long AWS may give no answer to a claim. */
const NO_ANSWER = MINUTE;
/** A cancelled job has no more than some seconds. */
const RELEASE_LIMIT = 20 * SECOND;
/** What takes longer is told. */
const NOTICEABLE = SECOND;
/** The log is never silent for longer. */
const SAY_EVERY = 25 * SECOND;

export function createLease(options: LeaseOptions): Lease {
  return new TagLease(options);
}

class TagLease implements Lease {
  readonly #options: LeaseOptions;
  #serviceArn = '';
  #takenBy: string | null = null;
  #tags = true;
  #claimed: boolean;
  #held: Promise<boolean> = Promise.resolve(false);
  #over = false;
  /** When our name was last known to stand there. */
  #oursAt: number | null = null;
  #stopRenewing: () => void = () => {};
  #saidAt = -Infinity;

  constructor(options: LeaseOptions) {
    this.#options = options;
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
    const since = clock.now();
    const watch = new Watch();
    let answeredAt = since;
    let waited = false;
    for (;;) {
      try {
        const written = await this.#look();
        answeredAt = clock.now();
        const times = { now: answeredAt, unchangedFor: watch.unchangedFor(written, answeredAt) };
        const whose = standing(written, this.run, times);
        if (whose !== 'taken') {
          await this.#take(whose, signal);
          return waited;
        }
        waited = true;
        this.#waitOrRefuse(written!, since);
      } catch (error) {
        this.#throwUnlessLater(error, answeredAt);
      }
      await sleep(clock, LOOK_EVERY, signal);
      if (signal.aborted) throw new Refused('Cancelled before anything was started.');
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
      } else if (isOurs(written, this.run)) this.#oursAt = this.#options.clock.now();
      else this.#takenBy = written.inWords;
    }
    if (this.#takenBy !== null) {
      this.#end();
      throw new Refused(
        `The run ${this.#takenBy} has taken service ${this.#name} over; this one no longer acts.`,
      );
    }
  }

  keysIn(tags: readonly Tag[]): readonly string[] {
    return this.#claimed && this.#tags ? leaseKeys(tags, this.run) : [];
  }

  end(): void {
    this.#end();
    this.#claimed = false;
  }

  async release(): Promise<void> {
    this.#end();
    if (!this.#claimed || this.#takenBy !== null || !this.#tags) return;
    const { ecs, clock, tell } = this.#options;
    const since = clock.now();
    const quiet = clock.after(NOTICEABLE, () => {
      const until = since + CALL_LIMIT + RELEASE_LIMIT;
      tell({
        kind: 'waiting',
        what: 'AWS to take the lease away',
        since,
        until,
        otherwise: 'it ends by itself',
      });
    });
    try {
      const tagKeys = [...this.keysIn(await this.#describeTags())];
      if (tagKeys.length === 0) return;
      const command = new UntagResourceCommand({ resourceArn: this.#serviceArn, tagKeys });
      await bounded(clock, RELEASE_LIMIT, (bound) => ecs.send(command, bound));
    } catch {
      // It ends by itself.
    } finally {
      quiet();
    }
  }

  #wasCutOff(): boolean {
    return this.#oursAt !== null && this.#options.clock.now() - this.#oursAt > TERM;
  }

  get #name(): string {
    return this.#options.service.name;
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
      this.#renewAfter(RENEW_EVERY);
    }
  }

  /** Waits until everybody must have seen our name, and looks whether it still stands. */
  async #stands(signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#options;
    await sleep(clock, this.run.claimWait, signal);
    const since = clock.now();
    for (;;) {
      if (signal.aborted) throw new Refused('Cancelled before anything was started.');
      try {
        const written = await this.#look();
        this.#claimed = written !== null && isOurs(written, this.run);
        if (this.#claimed) this.#renewAfter(RENEW_EVERY);
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

  #renewAfter(delay: Milliseconds): void {
    if (this.#over || !this.#tags) return;
    const renew = async () => {
      await this.confirm();
      if (!this.#over) await this.#write();
    };
    this.#stopRenewing = this.#options.clock.after(delay, () => {
      void renew().then(
        () => this.#renewAfter(RENEW_EVERY),
        () => this.#renewAfter(LOOK_EVERY),
      );
    });
  }

  #end(): void {
    this.#over = true;
    this.#stopRenewing();
  }

  async #look(): Promise<Written | null> {
    return writtenIn(await this.#describeTags());
  }

  async #describeTags(): Promise<readonly Tag[]> {
    const { ecs, clock, service } = this.#options;
    const command = new DescribeServicesCommand({
      cluster: service.cluster,
      services: [service.name],
      include: ['TAGS'],
    });
    const { services } = await explained(
      'ecs:DescribeServices',
      `service ${service.name}`,
      bounded(clock, CALL_LIMIT, (bound) => ecs.send(command, bound)),
    );
    const found = services?.[0];
    if (found?.serviceArn === undefined) throw new Refused(`ECS no longer shows service ${service.name}.`);
    this.#serviceArn = found.serviceArn;
    return found.tags ?? [];
  }

  /** Where tagging is refused for good, the run goes on without a lease, and says so once. */
  async #write(): Promise<void> {
    const { ecs, clock, tell } = this.#options;
    const now = clock.now();
    const tags = [tagFor(this.run, now + TERM)];
    const command = new TagResourceCommand({ resourceArn: this.#serviceArn, tags });
    try {
      await bounded(clock, CALL_LIMIT, (bound) => ecs.send(command, bound));
      this.#oursAt = now;
    } catch (error) {
      const message = inWords(error, 'ecs:TagResource', `service ${this.#name}`);
      if (mayPass(error)) throw new Refused(message, { cause: error });
      this.#tags = false;
      this.#end();
      tell({ kind: 'noticed', level: 'warning', message: `${message} ${WITHOUT_TAGS}` });
    }
  }

  #waitOrRefuse({ inWords: other }: Written, since: number): void {
    const { clock, onConflict, patience, tell } = this.#options;
    const now = clock.now();
    const until = since + patience;
    const busy = `The run ${other} is at work on service ${this.#name}, or has died less than ${Math.ceil((TERM + CLOCK_SKEW) / MINUTE)} minutes ago.`;
    if (onConflict === 'fail') throw new Refused(`${busy} This one leaves it alone.`);
    if (now >= until) {
      throw new Refused(`${busy} It had not ended within the conflict-timeout; this one leaves it alone.`);
    }
    if (now - this.#saidAt < SAY_EVERY) return;
    this.#saidAt = now;
    tell({
      kind: 'waiting',
      what: `another run to end: ${other}`,
      since,
      until,
      otherwise: 'this job fails',
    });
  }
}

/** How long the lease has read the same, by our own clock. */
class Watch {
  #text: string | null = null;
  #since = 0;

  unchangedFor(written: Written | null, now: number): Milliseconds {
    const text = written?.text ?? null;
    if (text !== this.#text) {
      this.#text = text;
      this.#since = now;
    }
    return now - this.#since;
  }
}

const WITHOUT_TAGS =
  "This run goes on without a lease: nothing keeps another one from acting on the service at the same time, and should this one die, the service's own deployment configuration must be restored by hand.";
