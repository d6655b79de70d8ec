import { failureKind } from '../../aws/errors.ts';
import { errorText } from '../../core/failure.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { NewEvent } from '../../core/trail/event.ts';
import type { Started, TrafficMover } from '../traffic/traffic-mover.ts';

/** Whether this run took production traffic off the canary, or cannot. */
export interface ShelterState {
  readonly status: 'possible' | 'on' | 'impossible';
  /** When the weights were last changed, milliseconds since 1970; 0 for never. */
  readonly changedAt: number;
  /** Whether an earlier run started the rollout. It may have taken the traffic off. */
  readonly adopted: boolean;
}

interface Ports {
  readonly clock: Clock;
  readonly mover: Pick<TrafficMover, 'canDivide' | 'divide'>;
  readonly tell: (event: NewEvent) => void;
}

/** Takes production traffic off a canary whose tasks were all taken, until it has tasks again. */
export class Sheltering {
  readonly #ports: Ports;
  readonly #adopted: boolean;
  #isOn = false;
  #isRefused = false;
  #changedAt = 0;

  constructor(ports: Ports, { adopted }: Pick<Started, 'adopted'>) {
    this.#ports = ports;
    this.#adopted = adopted;
  }

  get state(): ShelterState {
    const isPossible = !this.#isRefused && this.#ports.mover.canDivide();
    return {
      status: this.#isOn ? 'on' : isPossible ? 'possible' : 'impossible',
      changedAt: this.#changedAt,
      adopted: this.#adopted,
    };
  }

  async takeOff(): Promise<void> {
    this.#isOn = await this.#divide(0);
    if (!this.#isOn) return;
    this.#say(
      'No task of the new revision can serve: all production traffic goes to the old revision until ECS has replaced them.',
    );
  }

  /** `percent`: the share that ECS reports for the canary. */
  async putBack(percent: number): Promise<void> {
    if (!(await this.#divide(percent))) return;
    this.#isOn = false;
    this.#say(`The new revision gets its ${percent}% of production traffic again.`);
  }

  /** Returns false when the role may not change the rule. */
  async #divide(percent: number): Promise<boolean> {
    try {
      await this.#ports.mover.divide(percent);
      this.#changedAt = this.#ports.clock.now();
      return true;
    } catch (error) {
      if (failureKind(error) !== 'denied') throw error;
      this.#isRefused = true;
      this.#ports.tell({ kind: 'notice', level: 'warning', message: errorText(error) });
      return false;
    }
  }

  #say(message: string): void {
    this.#ports.tell({ kind: 'notice', level: 'notice', message });
  }
}
