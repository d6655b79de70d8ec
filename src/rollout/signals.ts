import type { GateWatch } from './gates/gates.ts';
import type { Health, HealthReader } from './health/health.ts';
import type { Interruption } from './health/interruption.ts';
import type { GateState } from '../core/plan/gates.ts';
import type { Clock } from '../core/time/clock.ts';
import { ENDED, type Started, type Traffic } from './traffic/traffic-mover.ts';
import type { EvidenceReader, Judged } from './evidence.ts';
import type { ReadDeadline } from './read-deadline.ts';
import type { RolloutPorts } from './ports.ts';
import type { Scope } from './scope.ts';
import { unseenHealth } from './unseen.ts';

/**
 * An evaluation; `isNew` when it was not reported yet. `null` when there is no traffic to judge
 * yet.
 */
export type Evaluation = { readonly judged: Judged; readonly isNew: boolean } | null;

/** What one observation reads besides the deployment. */
export interface SignalsRead {
  readonly health: Health;
  readonly alarm: string | null;
  readonly look: Evaluation;
  readonly gates: readonly GateState[];
}

export interface ReadOptions {
  readonly scope: Scope;
  readonly patience: ReadDeadline;
  /** A rollback is already requested: slow reads must not delay it. */
  readonly isBackAsked: boolean;
  /** A stop was requested, which is answered even if reads fail. */
  readonly isStopAsked: boolean;
  readonly withGates: boolean;
  /** As far as they are known before this read. */
  readonly interruptions: readonly Interruption[];
}

/** The signals that move a rollout forward or back: health, alarms, evidence and gates. */
export class Signals {
  readonly #clock: Clock;
  readonly #health: HealthReader;
  readonly #alarms: (anew: boolean) => Promise<string | null>;
  readonly #gates: GateWatch;
  readonly #openEvidence: () => Promise<EvidenceReader>;
  #evidence: EvidenceReader | null = null;
  /** An evaluation was made in a read whose other parts failed, so it is still to be reported. */
  #isUntold = false;

  constructor(ports: RolloutPorts, started: Started) {
    this.#clock = ports.clock;
    this.#health = ports.readHealth(started);
    this.#alarms = ports.readAlarms(started);
    this.#gates = ports.watchGates(started);
    this.#openEvidence = () => ports.readEvidence(started);
  }

  /** Must be called before any other read. */
  async open(): Promise<void> {
    this.#evidence ??= await this.#openEvidence();
  }

  /** Records that production traffic moves to this step. */
  stepBegan(percent: number, at: number): void {
    this.#evidence?.stepBegan(percent, at);
  }

  /**
   * All reads must succeed, unless one of them requires a rollback: errors or slowness of the
   * others must not hide it.
   */
  async read(traffic: Traffic, options: ReadOptions): Promise<SignalsRead> {
    const { scope, patience, isBackAsked, isStopAsked, withGates, interruptions } = options;
    const closely = scope === 'everything';
    const isOver = ENDED.has(traffic.phase) || traffic.phase === 'rolling-back';
    const hurryIf = (isBad: boolean) => {
      if (isBad && !isOver) patience.hurry();
    };
    hurryIf(isBackAsked);
    const alarms = this.#alarms(closely);
    const evidence = this.#judge(interruptions);
    alarms.then((fired) => hurryIf(fired !== null)).catch(() => {});
    evidence.then((look) => hurryIf(isAgainst(look))).catch(() => {});
    const reads = await Promise.allSettled([
      patience.until(this.#health.look(traffic, scope)),
      patience.until(alarms),
      patience.until(evidence),
      patience.until(withGates ? this.#gates.look(traffic, closely) : Promise.resolve([])),
    ]);
    const [health, alarm, judged, gates] = reads;
    const fired = alarm.status === 'fulfilled' ? alarm.value : null;
    const look = judged.status === 'fulfilled' ? judged.value : null;
    const isBack = isBackAsked || isStopAsked || fired !== null || isAgainst(look);
    const failed = reads.find((read) => read.status === 'rejected');
    if (failed && (isOver || !isBack)) {
      this.#isUntold ||= look?.isNew ?? false;
      throw failed.reason;
    }
    return {
      health: health.status === 'fulfilled' ? health.value : unseenHealth(traffic),
      alarm: fired,
      look: this.#untold(look),
      gates: gates.status === 'fulfilled' ? gates.value : [],
    };
  }

  /** The next read replaces this one. */
  discard({ look }: SignalsRead): void {
    this.#isUntold ||= look?.isNew ?? false;
  }

  /**
   * Reads the signals that can require a rollback in any state of ECS. Never rejects: a signal that
   * cannot be read counts as none.
   */
  async readAlone(
    patience: ReadDeadline,
    interruptions: readonly Interruption[],
  ): Promise<Pick<SignalsRead, 'alarm' | 'look'>> {
    const [alarm, look] = await Promise.all([
      patience.until(this.#alarms(false)).catch(() => null),
      patience.until(this.#judge(interruptions)).catch(() => null),
    ]);
    return { alarm, look: this.#untold(look) };
  }

  /**
   * Who requested a rollback, and why, in words; `null` when nobody did or it could not be read.
   * Never rejects.
   */
  aborted(): Promise<string | null> {
    return this.#gates.aborted();
  }

  /** Stops asking the gates. */
  endGates(): void {
    this.#gates.end();
  }

  #judge(interruptions: readonly Interruption[]): Promise<Evaluation> {
    return this.#evidence?.look(this.#clock.now(), interruptions) ?? Promise.resolve(null);
  }

  #untold(look: Evaluation): Evaluation {
    if (look === null || !this.#isUntold) return look;
    this.#isUntold = false;
    return { ...look, isNew: true };
  }
}

function isAgainst(look: Evaluation): boolean {
  return look?.judged.verdict.verdict === 'rollback';
}
