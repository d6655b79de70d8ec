import type { Split, Traffic } from '../traffic/traffic.ts';

/** What a rollout speaks of, by what it parts. */
export interface SplitWords {
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
  /** What ECS does between two pauses; completes "ECS to ...". */
  readonly moves: string;
  /** The end that is wanted. */
  readonly allIsNew: string;
  /** Where a person looks when nobody knows how it ended. */
  readonly lookAt: string;
}

export const SPLIT_WORDS: Readonly<Record<Split, SplitWords>> = {
  requests: {
    share: 'production traffic',
    all: 'All production traffic',
    target: 'target',
    takes: 'traffic',
    shownBy: 'the listener rule and the targets',
    sends: (percent) =>
      `the listener rule sends ${percent === null ? 'an unknown share' : `${percent}%`} of production traffic to the new revision`,
    moves: 'shift traffic',
    allIsNew: 'all production traffic is on the new revision and the old one is gone',
    lookAt: "the listener rule's weights and the service's tasks",
  },
  tasks: {
    share: 'work',
    all: 'All the work',
    target: 'task',
    takes: 'work',
    shownBy: 'the tasks',
    sends: ofTasks,
    moves: 'go on',
    allIsNew: "all of the service's tasks are of the new revision",
    lookAt: "the service's tasks",
  },
};

function ofTasks(percent: number | null): string {
  return percent === null
    ? 'how many of the tasks are of the new revision is not known'
    : `${Math.round(percent)}% of the tasks are of the new revision`;
}

/** What a percentage is a share of, where it is not production traffic. */
export function partOf({ split }: Traffic): { readonly of?: 'work' } {
  return split === 'tasks' ? { of: 'work' } : {};
}
