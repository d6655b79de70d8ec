import type { ShareOf } from '../../core/trail/event.ts';
import type { Pause, Share } from '../traffic/traffic-mover.ts';

/** What the log and the summary call the parts of a rollout. */
export interface StrategyWords {
  /** What the new version gets a share of. */
  readonly share: string;
  /** All of that, at the beginning of a sentence. */
  readonly all: string;
  /** What serves in a version. */
  readonly target: string;
  /** What the targets take. */
  readonly takes: string;
  /** What shows where a rollout has come to. */
  readonly shownBy: string;
  readonly sends: (percent: number | null) => string;
  /** While the new version has that share; completes "it is sick ...". */
  readonly gets: (percent: number) => string;
  /** What ECS does between two pauses; completes "ECS to ...". */
  readonly moves: string;
  /** The end that is wanted. */
  readonly allIsNew: string;
  /** What ECS does when nobody asks or answers it any more; `pause`: the one it asks. */
  readonly unattended: (pause: Pause | null) => string;
  /** Where a person looks when nobody knows how it ended. */
  readonly lookAt: string;
}

/** Where a load balancer's listener rule sends requests to either version by weights. */
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

/** Where ECS pauses, and rolls back unless it is answered. */
export function rollsBack(pause: Pause | null): string {
  const when = pause ? `at ${new Date(pause.until).toISOString()}` : 'at its next pause';
  return `ECS rolls back by itself ${when} unless this job is run again`;
}

/** Where only the tasks tell how far it is. */
export function ofTasks(percent: number | null): string {
  return percent === null
    ? 'how many of the tasks are of the new revision is not known'
    : `${Math.round(percent)}% of the tasks are of the new revision`;
}

/** What a percentage in the trail is a share of, where it is not production traffic. */
export function partOf({ share }: { readonly share: Share }): { readonly of?: ShareOf } {
  return share === 'traffic' ? {} : { of: share };
}
