import { failureKind, mayPass } from '../../aws/errors.ts';
import { MINUTE, type Milliseconds } from '../../core/time/clock.ts';
import type { Started, Traffic } from '../traffic/traffic-mover.ts';
import { unattendedInWords } from '../unattended.ts';
import type { RolloutPorts } from '../ports.ts';
import type { ProgressLog } from './progress-log.ts';
import { errorText } from '../../core/failure.ts';

/** Without a look at AWS for this long, nobody here knows what is live. */
const PATIENCE = 5 * MINUTE;
/** AWS is there and only busy: it answers again, and ECS waits at its pause or goes on without harm. */
const THROTTLED_PATIENCE = 15 * MINUTE;

type Ports = Pick<RolloutPorts, 'clock' | 'tell' | 'strategy'>;

/** AWS does not answer: when it was last seen, and that lost credentials were told. */
export class AwsOutage {
  readonly #ports: Ports;
  readonly #started: Started;
  readonly #progressLog: ProgressLog;
  #seenAt: number;
  #isSessionLost = false;

  constructor(ports: Ports, started: Started, progressLog: ProgressLog) {
    this.#ports = ports;
    this.#started = started;
    this.#progressLog = progressLog;
    this.#seenAt = ports.clock.now();
  }

  /** A look succeeded. */
  sees(): void {
    this.#seenAt = this.#ports.clock.now();
  }

  tell(error: unknown, last: Traffic | null): void {
    if (!this.#isSessionLost && failureKind(error) === 'expired') this.#tellLostSession(last);
    const until = this.#seenAt + patienceWith(error);
    this.#progressLog.waitFor(`AWS to answer again: ${errorText(error)}`, until, 'this job says `dirty`');
  }

  /** It has lasted for so long, or is of a kind, that nothing is to be hoped for. */
  isHopeless(error: unknown): boolean {
    const lasts = this.#ports.clock.now() - this.#seenAt;
    return lasts > patienceWith(error) || (!mayPass(error) && lasts > MINUTE);
  }

  /** Credentials that are no longer accepted are told at once, with what then happens: waiting seldom mends them. */
  #tellLostSession(last: Traffic | null): void {
    this.#isSessionLost = true;
    const { strategy, tell } = this.#ports;
    const message = `AWS takes the credentials of this job no longer: it can neither look nor answer. ${unattendedInWords(last, this.#started.patience, strategy.words)}`;
    tell({ kind: 'notice', level: 'warning', message });
  }
}

function patienceWith(error: unknown): Milliseconds {
  return failureKind(error) === 'throttled' ? THROTTLED_PATIENCE : PATIENCE;
}
