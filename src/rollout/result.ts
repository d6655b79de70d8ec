import type { ShareOf } from '../core/trail/event.ts';

/** A rollback that was requested. */
export interface AskedRollback {
  readonly at: number;
  readonly reason: string;
  /** The release was not tried. */
  readonly untried?: boolean;
}

export interface RolloutResult {
  /** `failed`: the release was not tried. */
  readonly outcome: 'deployed' | 'rolled-back' | 'dirty' | 'failed';
  readonly reason: string;
  readonly canaryPercent: number | null;
  /** What `canaryPercent` is a share of; absent for production traffic. */
  readonly of?: ShareOf;
  readonly oldRevisionUntil: number | null;
}
