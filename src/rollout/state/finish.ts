import { mayPass } from '../../aws/errors.ts';
import { MINUTE, SECOND, sleep } from '../../core/time/clock.ts';
import { ENDED, type Started, type Traffic } from '../traffic/traffic-mover.ts';
import type { StoppedTask } from '../../core/trail/event.ts';
import type { Decision } from '../observation.ts';
import type { RolloutPorts } from '../ports.ts';
import type { RolloutResult } from '../result.ts';
import { partOf } from '../strategies/words.ts';
import { errorText } from '../../core/failure.ts';
import { asSentence } from '../../core/sentence.ts';

type Ports = Pick<RolloutPorts, 'clock' | 'mover' | 'tell' | 'diagnose' | 'noteRollback'>;

/**
 * The end of a rollout: when it was first observed, and whether the run must wait for it because
 * the clean-up failed before.
 */
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

  /** Cleans up and returns the result; `null` when the rollout cannot end yet. */
  async finish(
    traffic: Traffic,
    { outcome, reason }: Extract<Decision, { do: 'finish' }>,
    crashed: readonly StoppedTask[],
  ): Promise<RolloutResult | null> {
    const { mover, tell } = this.#ports;
    try {
      // The run that took over cleans up the service.
      if (mover.takenBy() === null) await this.#settle();
    } catch (error) {
      const message = errorText(error);
      if (traffic.phase === 'keeping-old' && !this.#mustStay) {
        this.#mustStay = true;
        const later = `${message} ecs-ramp tries again when ECS has removed the old revision.`;
        tell({ kind: 'notice', level: 'notice', message: later });
        return null;
      }
      tell({ kind: 'notice', level: 'warning', message });
    }
    if (outcome === 'rolled-back') await this.#ports.noteRollback(this.#started, asSentence(reason));
    if (outcome !== 'deployed') tell(await this.#ports.diagnose(this.#started, crashed));
    return {
      outcome,
      reason: asSentence(reason),
      canaryPercent: traffic.verifiedPercent ?? PERCENT_AT[outcome],
      oldRevisionUntil: outcome === 'deployed' ? traffic.oldRevisionUntil : null,
      ...partOf(traffic),
    };
  }

  /** Retries, so that a lost call at the end does not leave the hook on the service. */
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

/** The share at the end, when it cannot be read. */
const PERCENT_AT = { deployed: 100, 'rolled-back': 0, failed: 0, dirty: null } as const;
