import type { Milliseconds } from '../../core/time/clock.ts';
import type { ShareOf } from '../../core/trail/event.ts';
import type { BalancedGroup } from './balanced-group.ts';

/**
 * Moves production traffic from the stable revision to the canary and back. Each strategy has its
 * own. All calls are idempotent: repeating one after a crash or a lost answer is harmless. Modelled
 * on the router interface of Flagger.
 */
export interface TrafficMover {
  /**
   * The current state; `null` when there is no rollout of this release. With `closely`, everything
   * is read now; otherwise values that rarely change may be some seconds old.
   */
  observe(closely?: boolean): Promise<Traffic | null>;
  /** Starts the rollout, or adopts the rollout of the same release that an earlier run started. */
  start(): Promise<Started>;
  /** Answers a pause: continue to the next step. */
  advance(pause: Pause): Promise<void>;
  /** Ends the pause that keeps the old revision: ECS removes it. */
  endKeep(keep: Pause): Promise<void>;
  /** Moves all traffic back to stable. */
  rollBack(traffic: Pick<Traffic, 'id' | 'pause' | 'keep' | 'phase'>): Promise<void>;
  /** Whether a listener rule divides production traffic between the revisions. */
  canDivide(): boolean;
  /** Gives the canary this percentage of production traffic on that rule, while ECS pauses. */
  divide(percent: number): Promise<void>;
  /** Removes the hook and the tags of the rollout and restores the user's own settings. */
  settle(): Promise<void>;
  /**
   * The run that took over the service, in words: no call has an effect any more. `null` when there
   * is none.
   */
  takenBy(): string | null;
}

/**
 * The start was accepted, but ECS does not show the rollout. A person must check whether it runs.
 */
export class StartUnseen extends Error {
  override readonly name = 'StartUnseen';
}

export interface Started {
  /** The ARN of the service deployment. */
  readonly id: string;
  readonly adopted: boolean;
  readonly share: Share;
  readonly startedAt: number;
  /**
   * How long ECS waits for an answer before it rolls back by itself; `null` when it never pauses
   * and continues to the end.
   */
  readonly patience: Milliseconds | null;
  readonly canary: Arm;
  readonly stable: Arm;
}

/** One side of the comparison. */
export interface Arm {
  readonly taskDefinitionArn: string;
  /** The source of its requests; `null` when the tasks fetch their work. */
  readonly group: BalancedGroup | null;
}

export interface Traffic {
  readonly id: string;
  readonly phase: Phase;
  /** What `percent` is a share of. */
  readonly share: Share;
  /** The share that the canary should have. */
  readonly percent: number;
  /**
   * The share that was read back: of the listener rule, or of the tasks at the end. `null` when
   * there is no such share.
   */
  readonly verifiedPercent: number | null;
  /** Set in the phase `paused`. */
  readonly pause: Pause | null;
  /** The pause that keeps the old revision, in the phase `keeping-old`. Absent: a bake time does. */
  readonly keep?: Pause;
  /** The shares below 100% that were passed, in the phase `keeping-old`. Absent: not known. */
  readonly climbed?: readonly ClimbedStep[];
  /** When ECS removes the old revision, in the phase `keeping-old`. */
  readonly oldRevisionUntil: number | null;
  /** When the new revision had all of it, in the phase `baking`. */
  readonly completedAt?: number;
  /** The state and the reason in the words of AWS: a stage, or the reason of a rollback. */
  readonly stage: string;
  readonly reason: string | null;
  readonly startedAt: number;
  readonly canary: TaskCounts;
  readonly stable: TaskCounts;
}

/**
 * `starting`: new tasks start, without production traffic. `paused`: ECS waits for an answer.
 * `moving`: ECS shifts traffic. `keeping-old`: all traffic is on the new revision and the old one
 * is kept. `cleaning-up`: ECS removes the old revision. `baking`: the old revision is removed and
 * the new one is still watched. `done`: ended on the new revision. `rolling-back`, `rolled-back`:
 * on the way to the old revision, or back on it. `failed`: AWS gave up, and a person must check
 * where the traffic is.
 */
export type Phase =
  | 'starting'
  | 'paused'
  | 'moving'
  | 'keeping-old'
  | 'cleaning-up'
  | 'baking'
  | 'done'
  | 'rolling-back'
  | 'rolled-back'
  | 'failed';

export interface Pause {
  readonly id: string;
  /** ECS repeats a pause that was already answered; nothing happened between the two. */
  readonly again?: true;
  readonly since: number;
  /** When ECS acts by itself: it rolls back, or removes the old revision that the pause keeps. */
  readonly until: number;
}

/**
 * What is divided between the revisions. `traffic`: a load balancer divides the requests, at any
 * percentage. `work`: the tasks fetch their work, with as many new tasks as old ones. `tasks`: ECS
 * replaces tasks in batches, and requests cannot be assigned to a revision.
 */
export type Share = 'traffic' | ShareOf;

/** Phases in which the deployment has ended. */
export const ENDED: ReadonlySet<Phase> = new Set(['done', 'rolled-back', 'failed']);

/**
 * Whether the state changed so that there is something new to decide. Values read before the change
 * are then outdated. Pure.
 */
export function isNews(before: Traffic | null, now: Traffic): boolean {
  if (now.phase === 'moving') return false;
  return before?.phase !== now.phase || before.percent !== now.percent || before.pause?.id !== now.pause?.id;
}

/** A share that the new revision had, and since when. */
export interface ClimbedStep {
  readonly percent: number;
  readonly at: number;
}

export interface TaskCounts {
  readonly desired: number;
  readonly running: number;
}
