import type { Milliseconds } from '../../core/time/clock.ts';
import type { ShareOf } from '../../core/trail/event.ts';
import type { BalancedGroup } from './balanced-group.ts';

/**
 * A way to move production traffic from the stable revision to the canary and back; each strategy has one.
 * Observe and four verbs, every one idempotent: called again after a crash or a lost answer it does no harm.
 * The model is the router interface of Flagger: small enough to be kept by any balancer.
 */
export interface TrafficMover {
  /**
   * Where the traffic is and what is awaited. Null: there is no rollout of this release. `closely`: all of it read now; otherwise
   * what hardly ever changes while nothing else does may be some seconds old.
   */
  observe(closely?: boolean): Promise<Traffic | null>;
  /** Starts the rollout, or adopts the one of the same release that an earlier run began. */
  start(): Promise<Started>;
  /** Answers the mover's question: go on to the next step. */
  advance(pause: Pause): Promise<void>;
  /** All traffic back to stable, now. */
  rollBack(traffic: Pick<Traffic, 'id' | 'pause'>): Promise<void>;
  /** Takes away what was put up for the rollout and brings the user's own settings back. */
  settle(): Promise<void>;
  /** Another run that has taken the service over, in words: none of the verbs acts any more. Null: none has. */
  takenBy(): string | null;
}

/** The start was accepted, but nothing of the rollout can be seen: whether it runs must be looked at by a person. */
export class StartUnseen extends Error {
  override readonly name = 'StartUnseen';
}

export interface Started {
  /** Names the rollout at AWS: the service deployment's ARN. */
  readonly id: string;
  readonly adopted: boolean;
  readonly share: Share;
  readonly startedAt: number;
  /** How long the mover waits for an answer before it rolls back by itself; null: it asks nothing, and goes on to the end. */
  readonly patience: Milliseconds | null;
  readonly canary: Arm;
  readonly stable: Arm;
}

/** One side of the comparison. */
export interface Arm {
  readonly taskDefinitionArn: string;
  /** Where its requests come from; null: from nowhere, its tasks take their work themselves. */
  readonly group: BalancedGroup | null;
}

export interface Traffic {
  readonly id: string;
  readonly phase: Phase;
  /** What `percent` is a share of. */
  readonly share: Share;
  /** The share that the canary is meant to have. */
  readonly percent: number;
  /** The share as configured on the listener rule, or of the tasks at the end, read back; null: not readable as a share. */
  readonly verifiedPercent: number | null;
  /** Set in the phase `paused`. */
  readonly pause: Pause | null;
  /** When the old revision goes, in the phase `keeping-old`. */
  readonly oldRevisionUntil: number | null;
  /** When all of it had come to the new revision, in the phase `baking`. */
  readonly completedAt?: number;
  /** AWS's own words for where it is and why: a stage, or the reason of a rollback. */
  readonly stage: string;
  readonly reason: string | null;
  readonly startedAt: number;
  readonly canary: TaskCounts;
  readonly stable: TaskCounts;
}

/**
 * starting: new tasks come up, no production traffic yet. paused: waits for our answer. moving: shifts traffic. keeping-old: all
 * traffic is on the new revision and the old one is still hot. cleaning-up: the old one is being removed. baking: nothing moves any
 * more, the old revision is gone, and the new one is still watched. done: over, on the new revision. rolling-back, rolled-back: what they say. failed: AWS gave up; where the traffic is must be looked at.
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
  /** The mover asks once more what was answered already: nothing lies between the two. */
  readonly again?: true;
  readonly since: number;
  /** Then the mover rolls back by itself. */
  readonly until: number;
}

/**
 * What is parted between the versions. traffic: the requests, by a load balancer, to any percent. work: tasks take it themselves, and
 * there are as many new ones as old ones. tasks: ECS replaces them in batches, and nothing tells whose a request was.
 */
export type Share = 'traffic' | ShareOf;

/** Nothing moves any more. */
export const ENDED: ReadonlySet<Phase> = new Set(['done', 'rolled-back', 'failed']);

/** Whether there is something to decide that was not there before. What was read then tells nothing of it. Pure. */
export function isNews(before: Traffic | null, now: Traffic): boolean {
  if (now.phase === 'moving') return false;
  return before?.phase !== now.phase || before.percent !== now.percent || before.pause?.id !== now.pause?.id;
}

export interface TaskCounts {
  readonly desired: number;
  readonly running: number;
}
