import type { OutcomeName, ShareOf } from '../../core/trail/event.ts';

/** How a release or a rollback ended. */
export interface DeployResult {
  readonly outcome: OutcomeName;
  readonly reason: string;
  readonly canaryPercent: number | null;
  /** What `canaryPercent` is a share of; absent: production traffic. */
  readonly of?: ShareOf;
  readonly oldRevisionUntil: number | null;
  /** The task definition that `canaryPercent` refers to; absent: that of the release. */
  readonly canary?: string;
}
