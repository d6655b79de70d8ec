import { failureKind, mayPass } from '../../aws/errors.ts';
import { MINUTE, type Milliseconds } from '../../core/time/clock.ts';
import type { Started, Traffic } from '../traffic/traffic-mover.ts';
import { unattendedInWords } from '../unattended.ts';
import type { RolloutPorts } from '../ports.ts';
import type { ProgressLog } from './progress-log.ts';
import { errorText } from '../../core/failure.ts';

/** After this time without an observation, the state of the service is unknown. */
const PATIENCE = 5 * MINUTE;
/**
 * When AWS throttles, it will answer again, and ECS waits at its pause or continues without harm.
 */
const THROTTLED_PATIENCE = 15 * MINUTE;

type Ports = Pick<RolloutPorts, 'clock' | 'tell' | 'strategy'>;

/** Records when AWS last answered, and whether lost credentials were reported. */
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

  /** An observation succeeded. */
  sees(): void {
    this.#seenAt = this.#ports.clock.now();
  }

  tell(error: unknown, last: Traffic | null): void {
    if (!this.#isSessionLost && failureKind(error) === 'expired') this.#tellLostSession(last);
    const until = this.#seenAt + patienceWith(error);
    this.#progressLog.waitFor(`AWS to answer again: ${errorText(error)}`, until, 'this job ends as `dirty`');
  }

  /** Whether the outage has lasted too long, or is of a kind that does not end by itself. */
  isHopeless(error: unknown): boolean {
    const lasts = this.#ports.clock.now() - this.#seenAt;
    return lasts > patienceWith(error) || (!mayPass(error) && lasts > MINUTE);
  }

  /**
   * Reports at once that credentials are no longer accepted, and what happens then, because waiting
   * rarely helps.
   */
  #tellLostSession(last: Traffic | null): void {
    this.#isSessionLost = true;
    const { strategy, tell } = this.#ports;
    const message = `AWS no longer accepts the credentials of this job: it can neither read the rollout nor answer the pauses of ECS. ${unattendedInWords(last, this.#started.patience, strategy.words)}`;
    tell({ kind: 'notice', level: 'warning', message });
  }
}

function patienceWith(error: unknown): Milliseconds {
  return failureKind(error) === 'throttled' ? THROTTLED_PATIENCE : PATIENCE;
}
