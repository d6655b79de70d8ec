import type { Question } from '../traffic/traffic-mover.ts';
import type { Split } from '../../core/plan/split.ts';
import type { ShareOf } from '../../core/trail/event.ts';

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
  /** What ECS does when nobody asks or answers it any more; `question`: the one it asks. */
  readonly unattended: (question: Question | null) => string;
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
    unattended: rollsBack,
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
    unattended: rollsBack,
    allIsNew: "all of the service's tasks are of the new revision",
    lookAt: "the service's tasks",
  },
  rolling: {
    share: 'the tasks',
    all: 'Every task',
    target: 'task',
    takes: 'requests or the work',
    shownBy: 'the tasks',
    sends: ofTasks,
    moves: 'replace the tasks',
    unattended: () => 'ECS goes on with it by itself',
    allIsNew: "all of the service's tasks are of the new revision",
    lookAt: "the service's tasks",
  },
};

function rollsBack(question: Question | null): string {
  const when = question ? `at ${new Date(question.until).toISOString()}` : 'at its next pause';
  return `ECS rolls back by itself ${when} unless this job is run again`;
}

function ofTasks(percent: number | null): string {
  return percent === null
    ? 'how many of the tasks are of the new revision is not known'
    : `${Math.round(percent)}% of the tasks are of the new revision`;
}

/** What a percentage is a share of, where it is not production traffic. */
export function partOf({ split }: { readonly split: Split }): { readonly of?: ShareOf } {
  return SHARES[split];
}

const SHARES: Readonly<Record<Split, { readonly of?: ShareOf }>> = {
  requests: {},
  tasks: { of: 'work' },
  rolling: { of: 'tasks' },
};
