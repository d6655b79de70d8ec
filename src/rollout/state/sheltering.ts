import { failureKind } from '../../aws/errors.ts';
import { errorText } from '../../core/failure.ts';
import type { Clock } from '../../core/time/clock.ts';
import type { NewEvent } from '../../core/trail/event.ts';
import type { TrafficMover } from '../traffic/traffic-mover.ts';

/** Whether this run took production traffic off the canary, or cannot. */
export interface ShelterState {
  readonly status: 'possible' | 'on' | 'impossible';
  /** When the weights were last changed, milliseconds since 1970; 0 for never. */
  readonly changedAt: number;
}

interface Ports {
  readonly clock: Clock;
  readonly mover: Pick<TrafficMover, 'shelter'>;
  readonly tell: (event: NewEvent) => void;
}

/** Takes production traffic off a canary whose tasks were all taken, until it has tasks again. */
export class Sheltering {
  readonly #ports: Ports;
  #isOn = false;
  #isRefused = false;
  #changedAt = 0;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  get state(): ShelterState {
    const isPossible = !this.#isRefused && this.#ports.mover.shelter?.() !== null;
    return {
      status: this.#isOn ? 'on' : isPossible ? 'possible' : 'impossible',
      changedAt: this.#changedAt,
    };
  }

  async takeOff(): Promise<void> {
    await this.#change(async (shelter) => {
      await shelter.takeOff();
      this.#isOn = true;
      this.#say(
        'No task of the new revision can serve: all production traffic goes to the old revision until ECS has replaced them.',
      );
    });
  }

  async putBack(percent: number): Promise<void> {
    await this.#change(async (shelter) => {
      await shelter.putBack(percent);
      this.#isOn = false;
      this.#say(`The new revision gets its ${percent}% of production traffic again.`);
    });
  }

  async #change(
    call: (shelter: NonNullable<ReturnType<NonNullable<TrafficMover['shelter']>>>) => Promise<void>,
  ) {
    const shelter = this.#ports.mover.shelter?.() ?? null;
    if (shelter === null) return;
    try {
      await call(shelter);
      this.#changedAt = this.#ports.clock.now();
    } catch (error) {
      if (failureKind(error) !== 'denied') throw error;
      this.#isRefused = true;
      this.#ports.tell({ kind: 'notice', level: 'warning', message: errorText(error) });
    }
  }

  #say(message: string): void {
    this.#ports.tell({ kind: 'notice', level: 'notice', message });
  }
}
