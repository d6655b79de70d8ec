/** How one commit stands to another: `newer` has all that the other has, and more. */
export type Relation = 'newer' | 'same' | 'older' | 'diverged';

/** What is known of two commits' ancestry. */
export interface Ancestry {
  /** Of the first to the second; null: nobody can tell. */
  readonly relation: Relation | null;
  /** Who says so, or why nobody can: the end of a sentence. */
  readonly says: string;
}

/** What a release says of itself. Null: nothing. */
export interface KnownCommit {
  readonly commit: string | null;
  /** https://github.com/OWNER/NAME */
  readonly repository: string | null;
  /** The page of the workflow run. */
  readonly run: string | null;
  /** The workflow's file, within which GitHub counts runs. */
  readonly workflow: string | null;
  readonly runNumber: number | null;
}

export interface CommitOrder {
  readonly order: 'newer' | 'same' | 'older' | 'unknown';
  /** The end of a sentence. */
  readonly because: string;
}

/** Of our release to the one that is live. Ancestry counts most, then the numbers of runs of one workflow. Pure. */
export function commitOrder(ours: KnownCommit, live: KnownCommit, ancestry: Ancestry | null): CommitOrder {
  if (ours.commit === null) return unknown('nothing says which commit is released');
  if (live.commit === null) return unknown('what is live does not say which commit it comes from');
  if (isSameCommit(ours.commit, live.commit)) return { order: 'same', because: 'it is the same commit' };
  const { relation = null, says = 'nobody was asked' } = ancestry ?? {};
  if (relation === 'diverged') return unknown(`each has commits that the other has not, says ${says}`);
  if (relation !== null) return { order: relation, because: `${WORDS[relation]}, says ${says}` };
  return byRunNumber(ours, live) ?? unknown(says);
}

export const WORDS = {
  newer: 'that is an ancestor of this',
  same: 'both are the same',
  older: 'this is an ancestor of that',
} as const;

/** GitHub counts the runs of a workflow as they are started; an attempt more of one keeps its number. */
export function byRunNumber(ours: KnownCommit, live: KnownCommit): CommitOrder | null {
  const { workflow, repository } = ours;
  if (workflow === null || repository === null) return null;
  if (workflow !== live.workflow || repository !== live.repository) return null;
  if (ours.runNumber === null || live.runNumber === null || ours.runNumber === live.runNumber) return null;
  const order = ours.runNumber > live.runNumber ? 'newer' : 'older';
  return { order, because: 'the numbers of the runs say so' };
}

/** One of the two may be cut short. Pure. */
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
