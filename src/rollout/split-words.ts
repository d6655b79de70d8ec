import type { Split, Traffic } from '../traffic/traffic.ts';

/** What a rollout speaks of, by what it parts. */
export interface SplitWords {
  /** What the new version gets a share of. */
  readonly share: string;
  /** What serves in a version. */
  readonly target: string;
  /** What shows where a rollout has come to. */
  readonly shownBy: string;
  readonly sends: (percent: number | null) => string;
}

export const SPLIT_WORDS: Readonly<Record<Split, SplitWords>> = {
  requests: {
    share: 'production traffic',
    target: 'target',
    shownBy: 'the listener rule and the targets',
    sends: (percent) =>
      `the listener rule sends ${percent === null ? 'an unknown share' : `${percent}%`} of production traffic to the new revision`,
  },
  tasks: {
    share: 'work',
    target: 'task',
    shownBy: 'the tasks',
    sends: (percent) =>
      percent === null
        ? 'how many of the tasks are of the new revision is not known'
        : `${Math.round(percent)}% of the tasks are of the new revision`,
  },
};

/** What a percentage is a share of, where it is not production traffic. */
export function partOf({ split }: Traffic): { readonly of?: 'work' } {
  return split === 'tasks' ? { of: 'work' } : {};
}
