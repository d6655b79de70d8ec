import type { ShareOf } from '../../core/trail/event.ts';
import type { Pause, Share } from '../traffic/traffic-mover.ts';

/** The words that the log and the summary use for a strategy. */
export interface StrategyWords {
  /** What the new revision gets a share of. */
  readonly share: string;
  /** All of it, for the start of a sentence. */
  readonly all: string;
  /** What serves requests in a revision. */
  readonly target: string;
  /** What the targets receive. */
  readonly takes: string;
  /** What confirms the state of a rollout. */
  readonly shownBy: string;
  readonly sends: (percent: number | null) => string;
  /** A clause about that share of the new revision; completes "it is unhealthy ...". */
  readonly gets: (percent: number) => string;
  /** What ECS does between two pauses; completes "ECS to ...". */
  readonly moves: string;
  /** The state after a successful rollout. */
  readonly allIsNew: string;
  /** What ECS does when no run answers it any more. `pause` is the current pause. */
  readonly unattended: (pause: Pause | null) => string;
  /** Where a person can check how a rollout ended. */
  readonly lookAt: string;
}

/** For strategies with a listener rule that divides requests between the revisions by weight. */
export const BALANCED_WORDS: StrategyWords = {
  share: 'production traffic',
  all: 'All production traffic',
  target: 'target',
  takes: 'traffic',
  shownBy: 'the listener rule and the targets',
  sends: (percent) =>
    `the listener rule sends ${percent === null ? 'an unknown share' : `${percent}%`} of production traffic to the new revision`,
  gets: (percent) => `while it gets ${percent}% of the traffic`,
  moves: 'shift traffic',
  unattended: rollsBack,
  allIsNew: 'all production traffic is on the new revision and the old one is gone',
  lookAt: "the listener rule's weights and the service's tasks",
};

/** For strategies where ECS pauses and rolls back unless it is answered. */
export function rollsBack(pause: Pause | null): string {
  const when = pause ? `at ${new Date(pause.until).toISOString()}` : 'at its next pause';
  return `ECS rolls back by itself ${when} unless this job is run again`;
}

/** For strategies where only the tasks show the progress. */
export function ofTasks(percent: number | null): string {
  return percent === null
    ? 'it is not known how many tasks run the new revision'
    : `${Math.round(percent)}% of the tasks run the new revision`;
}

/** What a percentage in the trail is a share of. Empty for production traffic. */
export function partOf({ share }: { readonly share: Share }): { readonly of?: ShareOf } {
  return share === 'traffic' ? {} : { of: share };
}
