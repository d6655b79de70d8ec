import type { GateState } from '../core/plan/gates.ts';
import type { Verdict } from '../judge/verdict.ts';
import type { Milliseconds } from '../core/time/clock.ts';
import type { Pause, Traffic } from './traffic/traffic-mover.ts';
import type { ArmsHealth, RollbackRequested } from '../core/trail/event.ts';
import type { StrategyWords } from './strategies/words.ts';

/** All that is known at one look, from AWS and from nowhere else: a run that takes over sees the same. */
export interface Observation {
  readonly now: number;
  /** What the strategy calls the parts of a rollout. */
  readonly words: StrategyWords;
  readonly traffic: Traffic;
  readonly health: ArmsHealth;
  /** What the tasks and targets say about the canary by themselves, in words; null: nothing bad. */
  readonly unhealthy: string | null;
  /** The user's own alarms that fired since the start, in words; null: none did. */
  readonly alarm: string | null;
  /** Null: no evidence could be read (yet). */
  readonly verdict: Verdict | null;
  /** Whether any metric of the new version was read. */
  readonly measured: boolean;
  /** How many tasks of the new version stopped by themselves. */
  readonly crashes: number;
  readonly smoke: SmokeResult;
  /** How each gate of the step stands that ECS is paused at, in the plan's order; one that is missing is closed. */
  readonly gates: readonly GateState[];
  /** When the credentials stop working; null: nobody knows, or they never do. */
  readonly credentialsUntil: number | null;
  /** A mistake of ecs-ramp itself that was caught, in words; null: none was. */
  readonly ownMistake: string | null;
  /** The signal that asked to stop; null: none. */
  readonly cancelled: string | null;
  /** The rollback that was asked for; null: none was. */
  readonly rollback: { readonly at: number; readonly reason: string } | null;
  /** Another run that has taken the service over, in words; null: none has. */
  readonly takenBy: string | null;
  /** When the rollout was first seen to have ended; null: it has not. */
  readonly endedSince: number | null;
  /** True: AWS does not let us clean up before the deployment has ended, so the end must be awaited. */
  readonly stayToTheEnd: boolean;
  /** How long a rollback may take before a person is needed. */
  readonly rollbackPatience: Milliseconds;
}

export type SmokeResult = 'not wanted' | 'to do' | 'passed' | { readonly problem: string };

export type Decision =
  | {
      readonly do: 'wait';
      readonly what: string;
      readonly until: number | null;
      readonly otherwise: string | null;
    }
  | { readonly do: 'smoke-test' }
  | {
      readonly do: 'advance';
      readonly pause: Pause;
      /** Why the step passed; null: ECS is only passing through. */
      readonly because: string | null;
    }
  | { readonly do: 'roll-back'; readonly cause: RollbackRequested['cause']; readonly reason: string }
  | {
      readonly do: 'finish';
      readonly outcome: 'deployed' | 'rolled-back' | 'dirty';
      readonly reason: string;
    };

export function decideWait(what: string, until: number | null, otherwise: string | null): Decision {
  return { do: 'wait', what, until, otherwise };
}

export function decideRollback(cause: RollbackRequested['cause'], reason: string): Decision {
  return { do: 'roll-back', cause, reason };
}

export function decideEnd(outcome: 'deployed' | 'rolled-back' | 'dirty', reason: string): Decision {
  return { do: 'finish', outcome, reason };
}
