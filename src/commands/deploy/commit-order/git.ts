import { gitIn } from '../../../core/git.ts';
import { SECOND } from '../../../core/time/clock.ts';
import type { Relation } from './commit-order.ts';

const PATIENCE = 10 * SECOND;

/**
 * The relation of one commit to the other in the clone at `folder`. `null` if it is not a clone, or
 * lacks one of the commits or their history.
 */
export async function relationInClone(folder: string, one: string, other: string): Promise<Relation | null> {
  const git = gitIn(folder, { timeout: PATIENCE, fetches: false });
  /** `null` if git cannot determine it. */
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
  // In a shallow clone, an ancestor may be beyond the fetched history.
  const shallow = await git('rev-parse', '--is-shallow-repository').catch(() => 'true');
  return after === null || shallow.trim() !== 'false' ? null : 'diverged';
}

/** `null` if git is not installed or was killed. */
function exitCodeOf(error: unknown): number | null {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : null;
  return typeof code === 'number' ? code : null;
}
