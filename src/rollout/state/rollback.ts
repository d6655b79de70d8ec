import type { Phase, Traffic } from '../traffic/traffic-mover.ts';
import type { ArmsHealth, RollbackRequested } from '../../core/trail/event.ts';
import type { Decision, Observation } from '../observation.ts';
import type { RolloutPorts } from '../ports.ts';
import { isUntried } from '../../core/trail/outcome.ts';
import type { Health } from '../health/health.ts';
import type { Signals } from '../signals.ts';

type Ports = Pick<RolloutPorts, 'clock' | 'mover' | 'tell' | 'undoing'>;

/** The rollback: whether it was requested and reported. */
export class Rollback {
  readonly #ports: Ports;
  readonly #signals: Signals;
  #requested: Observation['rollback'];
  #isTold: boolean;
  #isAccepted = false;
  /** The phase in which an abort was last read. */
  #lookedIn: Phase | null = null;

  constructor(ports: Ports, signals: Signals) {
    this.#ports = ports;
    this.#signals = signals;
    this.#requested = ports.undoing ?? null;
    this.#isTold = ports.undoing !== undefined;
  }

  /** The first requested rollback; `null` when there is none. */
  get requested(): Observation['rollback'] {
    return this.#requested;
  }

  /** Whether ECS accepted a request of this run. */
  get isAccepted(): boolean {
    return this.#isAccepted;
  }

  /** Requests the rollback, repeatedly if needed. */
  async ask(
    traffic: Traffic,
    { cause, reason }: Omit<Extract<Decision, { do: 'roll-back' }>, 'do'>,
    health?: ArmsHealth,
  ): Promise<void> {
    const { mover, clock } = this.#ports;
    this.#tellOnce({ percent: traffic.percent, cause, reason, ...(health && { health }) });
    this.#signals.endGates();
    // Set before the call: if the answer is lost, the next observation requests again.
    const { percent } = traffic;
    this.#requested ??= { at: clock.now(), reason, untried: isUntried({ cause, percent }) };
    await mover.rollBack(traffic);
    this.#isAccepted = true;
  }

  /**
   * Notes a rollback that this run did not request: ECS decided it, or a person aborted the
   * rollout.
   */
  async noteReturn(
    { phase, percent, reason, stage }: Traffic,
    { arms: health, crashed, shortage }: Health,
  ): Promise<void> {
    if (phase !== 'rolling-back' && phase !== 'rolled-back') return;
    // Read once during the rollback and once at the end, because the tag may appear late.
    const aborted = this.#lookedIn === phase ? null : await this.#signals.aborted();
    this.#lookedIn = phase;
    // A release that crashes is blamed, also when it lacks room.
    const isUntouched = percent === 0 && crashed.canary.length === 0;
    if (aborted !== null) {
      this.#tellOnce({ percent, cause: 'request', reason: aborted, health });
      this.#requested = { at: this.#ports.clock.now(), reason: aborted };
    } else if (isUntouched && shortage?.until === null && !this.#isTold) {
      const untried = `the release was not tried: ECS rolled back while it found no room for the new tasks. ECS ${shortage.said}. ${reason ?? stage}`;
      this.#tellOnce({ percent, cause: 'capacity', reason: untried, health });
      this.#requested = { at: this.#ports.clock.now(), reason: untried, untried: true };
    } else {
      this.#tellOnce({ percent, cause: 'ecs', reason: reason ?? stage, health });
    }
  }

  #tellOnce(rollback: Omit<RollbackRequested, 'kind'>): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#ports.tell({ kind: 'rollback-requested', ...rollback });
  }
}
