import type { GateWatch } from './gates/gates.ts';
import type { HealthReader } from './health/health.ts';
import type { Clock, Milliseconds } from '../core/time/clock.ts';
import type { Started, TrafficMover } from './traffic/traffic-mover.ts';
import type { Diagnosed, NewEvent, ShareOf, SmokeTested, StoppedTask } from '../core/trail/event.ts';
import type { EvidenceReader } from './evidence.ts';
import type { Strategy } from './strategies/strategy.ts';

/** What a rollout needs of the world. */
export interface RolloutPorts {
  readonly clock: Clock;
  readonly strategy: Strategy;
  readonly mover: TrafficMover;
  readonly tell: (event: NewEvent) => void;
  readHealth(started: Started): HealthReader;
  readEvidence(started: Started): Promise<EvidenceReader>;
  /** The user's alarms that fired since the rollout began, in words; null: none. `anew`: as of now, else of some seconds ago. */
  readonly readAlarms: (started: Started) => (anew: boolean) => Promise<string | null>;
  /** What else is waited for at the steps. */
  watchGates(started: Started): GateWatch;
  /** All smoke tests in turn, until one fails. */
  smokeTest(): Promise<readonly SmokeTested[]>;
  diagnose(started: Started, stoppedTasks: readonly StoppedTask[]): Promise<Diagnosed>;
  /** Aborted when the job is cancelled; its reason is the signal's name, or the mistake of our own that nobody expected. */
  readonly cancelled: AbortSignal;
  /** The rollout is undone from outside: all that is left is to see it through. Absent: it is not. */
  readonly undoing?: { readonly at: number; readonly reason: string };
  /** When the credentials stop working; null: nobody knows, or they never do. */
  readonly credentialsUntil: number | null;
  /** How long a rollback may take before a person is needed; it includes ECS's draining. */
  readonly rollbackPatience: Milliseconds;
}

export interface RolloutResult {
  readonly outcome: 'deployed' | 'rolled-back' | 'dirty';
  readonly reason: string;
  readonly canaryPercent: number | null;
  /** Of what that is a share; absent: of production traffic. */
  readonly of?: ShareOf;
  readonly oldRevisionUntil: number | null;
}
