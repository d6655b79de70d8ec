import type { GateState } from '../core/plan/gates.ts';
import type { Verdict } from '../judge/verdict.ts';
import type { Milliseconds } from '../core/time/clock.ts';
import type { Pause, Traffic } from './traffic/traffic-mover.ts';
import type { ArmsHealth, RollbackRequested } from '../core/trail/event.ts';
import type { AskedRollback, RolloutResult } from './result.ts';
import type { Interruption } from './health/interruption.ts';
import type { Shortage } from './health/shortage.ts';
import type { ShelterState } from './state/sheltering.ts';
import type { StrategyWords } from './strategies/words.ts';

/**
 * Everything that is known at one time, read only from AWS: a run that takes over gets the same.
 */
export interface Observation {
  readonly now: number;
  /** The words of the strategy. */
  readonly words: StrategyWords;
  readonly traffic: Traffic;
  readonly health: ArmsHealth;
  /** What tasks and targets show against the canary, in words; `null` when nothing does. */
  readonly unhealthy: string | null;
  /** The last health check that a target of the new revision failed, in words; `null` for none. */
  readonly failedCheck: string | null;
  /** The times since the start in which an arm lacked tasks that were taken from it. */
  readonly interruptions: readonly Interruption[];
  /** Whether this run took production traffic off the canary, or cannot. */
  readonly shelter: ShelterState;
  /** The last shortage of room that ECS reported since the start; `null` when it reported none. */
  readonly shortage: Shortage | null;
  /** The user's alarms that fired since the start, in words; `null` when none did. */
  readonly alarm: string | null;
  /** `null` when no evidence could be read yet. */
  readonly verdict: Verdict | null;
  /** Whether any metric of the new revision was read. */
  readonly measured: boolean;
  /** How many tasks of the new revision failed. */
  readonly crashes: number;
  readonly smoke: SmokeResult;
  /**
   * The state of each gate of the step at which ECS is paused, in the plan's order. A missing one
   * is closed.
   */
  readonly gates: readonly GateState[];
  /** When the credentials expire; `null` when this is not known or they do not expire. */
  readonly credentialsUntil: number | null;
  /** An internal error of ecs-ramp, in words; `null` when there is none. */
  readonly ownMistake: string | null;
  /** The signal that requested a stop; `null` when there is none. */
  readonly cancelled: string | null;
  /** The requested rollback; `null` when there is none. */
  readonly rollback: AskedRollback | null;
  /** The run that took over the service, in words; `null` when there is none. */
  readonly takenBy: string | null;
  /** When the rollout was first observed to have ended; `null` when it has not. */
  readonly endedSince: number | null;
  /**
   * True when AWS allows the clean-up only after the end of the deployment, so the run must wait
   * for it.
   */
  readonly stayToTheEnd: boolean;
  /** How long a rollback may take before manual action is required. */
  readonly rollbackPatience: Milliseconds;
}

export type SmokeResult =
  'not wanted' | 'to do' | 'passed' | { readonly cause: 'smoke-test' | 'problem'; readonly problem: string };

export type Decision =
  | {
      readonly do: 'wait';
      readonly what: string;
      readonly until: number | null;
      readonly otherwise: string | null;
    }
  | { readonly do: 'smoke-test' }
  | { readonly do: 'take-off' }
  | { readonly do: 'put-back' }
  | {
      readonly do: 'advance';
      readonly pause: Pause;
      /** Why the step passed; `null` when ECS only passes through. */
      readonly because: string | null;
    }
  | {
      /** ECS removes the old revision before the end of its pause. */
      readonly do: 'end-keep';
      readonly keep: Pause;
      readonly because: string;
    }
  | { readonly do: 'roll-back'; readonly cause: RollbackRequested['cause']; readonly reason: string }
  | {
      readonly do: 'finish';
      readonly outcome: RolloutResult['outcome'];
      readonly reason: string;
    };

export function decideWait(what: string, until: number | null, otherwise: string | null): Decision {
  return { do: 'wait', what, until, otherwise };
}

export function decideRollback(cause: RollbackRequested['cause'], reason: string): Decision {
  return { do: 'roll-back', cause, reason };
}

export function decideEnd(outcome: RolloutResult['outcome'], reason: string): Decision {
  return { do: 'finish', outcome, reason };
}
