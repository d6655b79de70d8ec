import type { GateWatch } from './gates/gates.ts';
import type { Health, HealthReader } from './health/health.ts';
import type { GateState } from '../core/plan/gates.ts';
import type { Clock } from '../core/time/clock.ts';
import { ENDED, type Started, type Traffic } from './traffic/traffic-mover.ts';
import type { EvidenceReader, Judged } from './evidence.ts';
import type { ReadDeadline } from './read-deadline.ts';
import type { RolloutPorts } from './ports.ts';
import { unseenHealth } from './unseen.ts';

/** A judgement; new: told nowhere yet. Null: there is no traffic to judge yet. */
export type Evaluation = { readonly judged: Judged; readonly isNew: boolean } | null;

/** What one look reads besides ECS's own account. */
export interface SignalsRead {
  readonly health: Health;
  readonly alarm: string | null;
  readonly look: Evaluation;
  readonly gates: readonly GateState[];
}

export interface ReadOptions {
  /** All of it read now. */
  readonly closely: boolean;
  readonly patience: ReadDeadline;
  /** The way back is asked for already: nothing that is slow may hold it up. */
  readonly isBackAsked: boolean;
  /** Something was heard that is answered whatever cannot be read. */
  readonly isStopAsked: boolean;
  readonly withGates: boolean;
}

/** The signals by which a rollout goes on or back: health, alarms, evidence and gates. */
export class Signals {
  readonly #clock: Clock;
  readonly #health: HealthReader;
  readonly #alarms: (anew: boolean) => Promise<string | null>;
  readonly #gates: GateWatch;
  readonly #openEvidence: () => Promise<EvidenceReader>;
  #evidence: EvidenceReader | null = null;
  /** A judgement was made in a read whose other parts failed: it is new to the next one. */
  #isUntold = false;

  constructor(ports: RolloutPorts, started: Started) {
    this.#clock = ports.clock;
    this.#health = ports.readHealth(started);
    this.#alarms = ports.readAlarms(started);
    this.#gates = ports.watchGates(started);
    this.#openEvidence = () => ports.readEvidence(started);
  }

  /** Before any other read. */
  async open(): Promise<void> {
    this.#evidence ??= await this.#openEvidence();
  }

  /** Production traffic goes to this step now. */
  stepBegan(percent: number, at: number): void {
    this.#evidence?.stepBegan(percent, at);
  }

  /** All reads must succeed, unless one of them asks for the way back: that no error of another, nor its slowness, may mute. */
  async read(traffic: Traffic, options: ReadOptions): Promise<SignalsRead> {
    const { closely, patience, isBackAsked, isStopAsked, withGates } = options;
    const isOver = ENDED.has(traffic.phase) || traffic.phase === 'rolling-back';
    const hurryIf = (isBad: boolean) => {
      if (isBad && !isOver) patience.hurry();
    };
    hurryIf(isBackAsked);
    const alarms = this.#alarms(closely);
    const evidence = this.#judge();
    alarms.then((fired) => hurryIf(fired !== null)).catch(() => {});
    evidence.then((look) => hurryIf(isAgainst(look))).catch(() => {});
    const reads = await Promise.allSettled([
      patience.until(this.#health.look(traffic, closely)),
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

  /** What speaks against the release by itself, wherever ECS is. Never rejects: what cannot be read says nothing. */
  async readAlone(patience: ReadDeadline): Promise<Pick<SignalsRead, 'alarm' | 'look'>> {
    const [alarm, look] = await Promise.all([
      patience.until(this.#alarms(false)).catch(() => null),
      patience.until(this.#judge()).catch(() => null),
    ]);
    return { alarm, look: this.#untold(look) };
  }

  /** Who asked for the way back, and why, in words; null: nobody did, or it could not be read. Never rejects. */
  aborted(): Promise<string | null> {
    return this.#gates.aborted();
  }

  /** No gate is asked any more. */
  endGates(): void {
    this.#gates.end();
  }

  #judge(): Promise<Evaluation> {
    return this.#evidence?.look(this.#clock.now()) ?? Promise.resolve(null);
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
