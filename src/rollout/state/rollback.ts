import type { Phase, Traffic } from '../traffic/traffic-mover.ts';
import type { RollbackRequested } from '../../core/trail/event.ts';
import type { Decision, Observation } from '../observation.ts';
import type { RolloutPorts } from '../ports.ts';
import type { Signals } from '../signals.ts';

type Ports = Pick<RolloutPorts, 'clock' | 'mover' | 'tell' | 'undoing'>;

/** The rollback: that it was asked for, and that it was told. */
export class Rollback {
  readonly #ports: Ports;
  readonly #signals: Signals;
  #requested: Observation['rollback'];
  #isTold: boolean;
  /** How far ECS's own return had come when the word of a person was last looked for. */
  #lookedIn: Phase | null = null;

  constructor(ports: Ports, signals: Signals) {
    this.#ports = ports;
    this.#signals = signals;
    this.#requested = ports.undoing ?? null;
    this.#isTold = ports.undoing !== undefined;
  }

  /** The first one that was asked for; null: none was. */
  get requested(): Observation['rollback'] {
    return this.#requested;
  }

  /** Asks for it, again if need be. */
  async ask(
    traffic: Traffic,
    { cause, reason }: Omit<Extract<Decision, { do: 'roll-back' }>, 'do'>,
  ): Promise<void> {
    const { mover, clock } = this.#ports;
    this.#tellOnce(traffic.percent, cause, reason);
    this.#signals.endGates();
    // Remembered before the call: if its answer is lost, the next look asks again.
    this.#requested ??= { at: clock.now(), reason };
    await mover.rollBack(traffic);
  }

  /** It may go back, and not because of us: ECS decided it, or a person who left word. */
  async noteReturn({ phase, percent, reason, stage }: Traffic): Promise<void> {
    if (phase !== 'rolling-back' && phase !== 'rolled-back') return;
    // Asked once on the way and once at the end: the word may show late.
    const aborted = this.#lookedIn === phase ? null : await this.#signals.aborted();
    this.#lookedIn = phase;
    if (aborted !== null) {
      this.#tellOnce(percent, 'request', aborted);
      this.#requested = { at: this.#ports.clock.now(), reason: aborted };
    } else if (phase === 'rolling-back') {
      this.#tellOnce(percent, 'ecs', reason ?? stage);
    }
  }

  #tellOnce(percent: number, cause: RollbackRequested['cause'], reason: string): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#ports.tell({ kind: 'rollback-requested', percent, cause, reason });
  }
}
