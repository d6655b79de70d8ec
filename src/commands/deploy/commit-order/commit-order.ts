/** The relation of one commit to another: `newer` means that the other is its ancestor. */
export type Relation = 'newer' | 'same' | 'older' | 'diverged';

/** The relation of two commits, and its source. */
export interface Ancestry {
  /** The relation of the first to the second; `null` if not known. */
  readonly relation: Relation | null;
  /** The source, or why the relation is not known: the end of a sentence. */
  readonly says: string;
}

/** What is known about the commit and run of a release; `null` members are not known. */
export interface KnownCommit {
  readonly commit: string | null;
  /** https://github.com/OWNER/NAME */
  readonly repository: string | null;
  /** The page of the workflow run. */
  readonly run: string | null;
  /** The workflow file. GitHub numbers the runs of each workflow. */
  readonly workflow: string | null;
  readonly runNumber: number | null;
}

export interface CommitOrder {
  readonly order: 'newer' | 'same' | 'older' | 'unknown';
  /** The end of a sentence. */
  readonly because: string;
}

/**
 * The order of our release relative to the live one: by ancestry, otherwise by the run numbers of
 * the same workflow. Pure.
 */
export function commitOrder(ours: KnownCommit, live: KnownCommit, ancestry: Ancestry | null): CommitOrder {
  if (ours.commit === null) return unknown('the commit of this release is not known');
  if (live.commit === null) return unknown('the commit of the live release is not known');
  if (isSameCommit(ours.commit, live.commit)) return { order: 'same', because: 'it is the same commit' };
  const { relation = null, says = 'their order was not looked up' } = ancestry ?? {};
  if (relation === 'diverged')
    return unknown(`each has commits that the other does not have, according to ${says}`);
  if (relation !== null) return { order: relation, because: `${WORDS[relation]}, according to ${says}` };
  return byRunNumber(ours, live) ?? unknown(says);
}

export const WORDS = {
  newer: 'the live commit is an ancestor of this commit',
  same: 'both commits are the same',
  older: 'this commit is an ancestor of the live commit',
} as const;

/** GitHub numbers the runs of a workflow in the order they start; a re-run keeps its number. */
export function byRunNumber(ours: KnownCommit, live: KnownCommit): CommitOrder | null {
  const { workflow, repository } = ours;
  if (workflow === null || repository === null) return null;
  if (workflow !== live.workflow || repository !== live.repository) return null;
  if (ours.runNumber === null || live.runNumber === null || ours.runNumber === live.runNumber) return null;
  const order = ours.runNumber > live.runNumber ? 'newer' : 'older';
  return { order, because: 'according to the run numbers' };
}

/** One of the two may be abbreviated. Pure. */
export function isSameCommit(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return short.length >= SHORTEST && long.toLowerCase().startsWith(short.toLowerCase());
}

export const SHORTEST = 7;

/** `commit 0a1b2c3 (run 812, https://github.com/shop/web/actions/runs/1234)` Pure. */
export function commitInWords({ commit, run, runNumber }: KnownCommit): string {
  const whence = [runNumber !== null && `run ${runNumber}`, run].filter(Boolean).join(', ');
  return `commit ${commit?.slice(0, SHORTEST)}${whence && ` (${whence})`}`;
}

export function unknown(because: string): CommitOrder {
  return { order: 'unknown', because };
}
