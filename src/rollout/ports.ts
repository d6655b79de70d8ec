import type { GateWatch } from './gates/gates.ts';
import type { HealthReader } from './health/health.ts';
import type { Clock, Milliseconds } from '../core/time/clock.ts';
import type { Started, TrafficMover } from './traffic/traffic-mover.ts';
import type { Diagnosed, NewEvent, SmokeTested, StoppedTask } from '../core/trail/event.ts';
import type { EvidenceReader } from './evidence.ts';
import type { Strategy } from './strategies/strategy.ts';
import type { AskedRollback } from './result.ts';

/** What a rollout needs from its environment. */
export interface RolloutPorts {
  readonly clock: Clock;
  readonly strategy: Strategy;
  readonly mover: TrafficMover;
  readonly tell: (event: NewEvent) => void;
  readHealth(started: Started): HealthReader;
  readEvidence(started: Started): Promise<EvidenceReader>;
  /**
   * The user's alarms that fired since the rollout started, in words; `null` when none did. With
   * `anew`, they are read now; otherwise the result may be some seconds old.
   */
  readonly readAlarms: (started: Started) => (anew: boolean) => Promise<string | null>;
  /** The gates of the steps. */
  watchGates(started: Started): GateWatch;
  /** Runs the smoke tests in order, until one fails. */
  smokeTest(): Promise<readonly SmokeTested[]>;
  /** Keeps the reason of a rollback for `ecs-ramp history`. Never rejects. */
  noteRollback(started: Started, reason: string): Promise<void>;
  diagnose(started: Started, stoppedTasks: readonly StoppedTask[]): Promise<Diagnosed>;
  /**
   * Aborted when the job is cancelled. The reason is the name of the signal, or an unexpected error
   * of ecs-ramp.
   */
  readonly cancelled: AbortSignal;
  /** Set when somebody else has requested a rollback: the run only follows it to the end. */
  readonly undoing?: AskedRollback;
  /** When the credentials expire; `null` when this is not known or they do not expire. */
  readonly credentialsUntil: number | null;
  /** How long a rollback may take before manual action is required, including the draining by ECS. */
  readonly rollbackPatience: Milliseconds;
}
