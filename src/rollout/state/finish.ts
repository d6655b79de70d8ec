import { mayPass } from '../../aws/errors.ts';
import { MINUTE, SECOND, sleep } from '../../core/time/clock.ts';
import { ENDED, type Started, type Traffic } from '../traffic/traffic-mover.ts';
import type { StoppedTask } from '../../core/trail/event.ts';
import type { Decision } from '../observation.ts';
import type { RolloutPorts, RolloutResult } from '../ports.ts';
import { partOf } from '../strategies/words.ts';
import { errorText } from '../../core/failure.ts';

type Ports = Pick<RolloutPorts, 'clock' | 'mover' | 'tell' | 'diagnose'>;

/** The end: since when it is seen, and whether the job must stay until then because it could not tidy up before. */
export class Finish {
  readonly #ports: Ports;
  readonly #started: Started;
  #since: number | null = null;
  #mustStay = false;

  constructor(ports: Ports, started: Started) {
    this.#ports = ports;
    this.#started = started;
  }

  note({ phase }: Traffic): void {
    if (ENDED.has(phase)) this.#since ??= this.#ports.clock.now();
  }

  get since(): number | null {
    return this.#since;
  }

  get mustStay(): boolean {
    return this.#mustStay;
  }

  /** Tidies up, and says how it ended. Null: it cannot end yet. */
  async finish(
    traffic: Traffic,
    { outcome, reason }: Extract<Decision, { do: 'finish' }>,
    crashed: readonly StoppedTask[],
  ): Promise<RolloutResult | null> {
    const { mover, tell } = this.#ports;
    try {
      // What is left on the service is the other run's to take away.
      if (mover.takenBy() === null) await this.#settle();
    } catch (error) {
      const message = errorText(error);
      if (traffic.phase === 'keeping-old' && !this.#mustStay) {
        this.#mustStay = true;
        const later = `${message} Trying again when the old revision is gone.`;
        tell({ kind: 'notice', level: 'notice', message: later });
        return null;
      }
      tell({ kind: 'notice', level: 'warning', message });
    }
    if (outcome !== 'deployed') tell(await this.#ports.diagnose(this.#started, crashed));
    return {
      outcome,
      reason: sentence(reason),
      canaryPercent: traffic.verifiedPercent ?? PERCENT_AT[outcome],
      oldRevisionUntil: outcome === 'deployed' ? traffic.oldRevisionUntil : null,
      ...partOf(traffic),
    };
  }

  /** A call that gets lost at the very end must not leave our hook on the service. */
  async #settle(): Promise<void> {
    const { clock, mover } = this.#ports;
    const until = clock.now() + MINUTE;
    for (;;) {
      try {
        return await mover.settle();
      } catch (error) {
        if (!mayPass(error) || clock.now() >= until) throw error;
      }
      await sleep(clock, 5 * SECOND);
    }
  }
}

/** What is so at the end, where it cannot be read as a share. */
const PERCENT_AT = { deployed: 100, 'rolled-back': 0, dirty: null } as const;

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
