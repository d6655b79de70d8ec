import { gitIn } from '../../../core/git.ts';
import { SECOND } from '../../../core/time/clock.ts';
import type { Relation } from './commit-order.ts';

const PATIENCE = 10 * SECOND;

/** How one commit stands to the other in the clone at `folder`; null: it is none, or it does not have both with their history. */
export async function relationInClone(folder: string, one: string, other: string): Promise<Relation | null> {
  const git = gitIn(folder, { timeout: PATIENCE, fetches: false });
  /** Null: git cannot tell. */
  const isAncestor = async (ancestor: string, of: string): Promise<boolean | null> => {
    try {
      await git('merge-base', '--is-ancestor', '--end-of-options', ancestor, of);
      return true;
    } catch (error) {
      return exitCodeOf(error) === 1 ? false : null;
    }
  };
  const before = await isAncestor(other, one);
  if (before === null) return null;
  if (before) return (await isAncestor(one, other)) === true ? 'same' : 'newer';
  const after = await isAncestor(one, other);
  if (after === true) return 'older';
  // Where the history is cut off, an ancestor may lie behind the cut.
  const shallow = await git('rev-parse', '--is-shallow-repository').catch(() => 'true');
  return after === null || shallow.trim() !== 'false' ? null : 'diverged';
}

/** Null: git was not there, or did not end by itself. */
function exitCodeOf(error: unknown): number | null {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : null;
  return typeof code === 'number' ? code : null;
}
