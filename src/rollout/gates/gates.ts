import { failureKind } from '../../aws/errors.ts';
import type { Gate } from '../../core/request.ts';
import { gateInWords, gatesAt, type GateState } from '../../core/plan/gates.ts';
import { SECOND, type Clock } from '../../core/time/clock.ts';
import type { Pause, Traffic } from '../traffic/traffic-mover.ts';
import type { GateWaiting, GatePassed } from '../../core/trail/event.ts';
import type { Approvals } from './approvals.ts';
import type { RunCommand } from './command.ts';
import type { AskWebhook } from './webhook.ts';
import type { GateAnswer } from './answer.ts';
import { errorText } from '../../core/failure.ts';

/** Asks the gates of a step. */
export interface GateWatch {
  /**
   * The state of each gate of the step at which ECS is paused, in the plan's order. The first call
   * asks them. With `closely`, an approval is read now. Rejects when AWS cannot be read.
   */
  look(traffic: Traffic, closely: boolean): Promise<readonly GateState[]>;
  /**
   * Who requested a rollback, and why, in words; `null` when nobody did or it could not be read.
   * Never rejects.
   */
  aborted(): Promise<string | null>;
  /** Stops all gates that are still running. */
  end(): void;
}

export interface GateOptions {
  readonly plan: { readonly gates: readonly Gate[] };
  readonly clock: Clock;
  readonly approvals: Approvals;
  readonly ask: AskWebhook;
  readonly run: RunCommand;
  readonly tell: (event: GateWaiting | GatePassed) => void;
}

/** The time between two requests to the same gate. */
const ASK_EVERY = 15 * SECOND;

export function createGateWatch(options: GateOptions): GateWatch {
  return new Watch(options);
}

/** One gate of the current pause. */
interface Standing {
  readonly gate: Gate;
  state: GateState;
  askedAt: number;
  asking: boolean;
}

class Watch implements GateWatch {
  readonly #options: GateOptions;
  readonly #ended = new AbortController();
  #pause: string | null = null;
  #standings: readonly Standing[] = [];

  constructor(options: GateOptions) {
    this.#options = options;
  }

  async look(traffic: Traffic, closely: boolean): Promise<readonly GateState[]> {
    const { pause, percent } = traffic;
    // A repeated pause of the same step is not another step.
    if (pause === null || pause.again) return [];
    const key = `${pause.id} ${percent}`;
    if (this.#pause !== key) this.#begin(key, percent, pause);
    for (const standing of this.#standings) await this.#ask(standing, traffic, closely);
    return this.#standings.map(({ state }) => state);
  }

  aborted(): Promise<string | null> {
    return this.#options.approvals.aborted();
  }

  end(): void {
    this.#ended.abort();
  }

  #begin(pause: string, percent: number, { since }: Pause): void {
    const { plan, approvals, tell } = this.#options;
    this.#pause = pause;
    this.#standings = gatesAt(plan, percent).map((gate) => ({
      gate,
      state: 'closed',
      askedAt: -Infinity,
      asking: false,
    }));
    for (const { gate } of this.#standings) {
      const command = gate.kind === 'approval' ? approvals.command : null;
      tell({ kind: 'gate-waiting', percent, gate: gateInWords(gate), until: since + gate.within, command });
    }
  }

  /**
   * Reads an approval immediately. A webhook or a command is only started, and a later call gets
   * its answer.
   */
  async #ask(standing: Standing, traffic: Traffic, closely: boolean): Promise<void> {
    const { gate, state, askedAt, asking } = standing;
    const now = this.#options.clock.now();
    if (state !== 'closed' || asking || this.#ended.signal.aborted) return;
    if (gate.kind === 'approval') {
      if (!closely && now - askedAt < ASK_EVERY) return;
      standing.askedAt = now;
      // An observation may be abandoned while AWS is slow, so a read that is still running must not
      // be started again.
      standing.asking = true;
      try {
        this.#hear(standing, traffic, await this.#approval(gate, traffic));
      } finally {
        standing.asking = false;
      }
      return;
    }
    if (now - askedAt < ASK_EVERY) return;
    standing.askedAt = now;
    standing.asking = true;
    const { ask, run } = this.#options;
    const { signal } = this.#ended;
    const about = { deployment: traffic.id, percent: traffic.percent };
    void this.#await(
      standing,
      traffic,
      gate.kind === 'webhook' ? ask(gate, about, signal) : run(gate, about, signal),
    );
  }

  async #await(standing: Standing, traffic: Traffic, answer: Promise<GateAnswer>): Promise<void> {
    const said = await answer;
    standing.asking = false;
    this.#hear(standing, traffic, said);
  }

  async #approval(gate: Gate, { percent, pause }: Traffic): Promise<GateAnswer> {
    try {
      return await this.#options.approvals.ask(percent, pause!.since + gate.within);
    } catch (error) {
      const kind = failureKind(error);
      if (kind !== 'denied' && kind !== 'refused') throw error;
      // The gate cannot be shown as waiting, so nobody could approve it.
      return { said: 'fail', problem: errorText(error) };
    }
  }

  #hear(standing: Standing, { percent, pause }: Traffic, answer: GateAnswer): void {
    const { clock, tell } = this.#options;
    if (this.#ended.signal.aborted) return;
    const gate = gateInWords(standing.gate);
    switch (answer.said) {
      case 'wait':
        return;
      case 'fail':
        standing.state = { problem: answer.problem };
        return;
      case 'pass': {
        standing.state = 'open';
        const took = clock.now() - pause!.since;
        tell({ kind: 'gate-passed', percent, gate, because: answer.because, took });
      }
    }
  }
}
