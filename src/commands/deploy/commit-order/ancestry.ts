import type { Environment } from '../../../core/environment.ts';
import { compareOnGitHub } from '../../../report/github/compare.ts';
import { relationInClone } from './git.ts';
import type { Ancestry } from './commit-order.ts';
import type { Secret } from '../../../core/secrecy/secret.ts';

/** Finds the relation of one commit to another. Never rejects. */
export type AskAncestry = (one: string, other: string) => Promise<Ancestry>;

interface Sources {
  /** The folder of the release; it may be a git clone. */
  readonly folder: string;
  readonly env: Environment;
  /** The GitHub token; `null` for none. */
  readonly token: Secret | null;
  /** Aborts running calls. */
  readonly stop: AbortSignal;
}

/** A full or abbreviated commit hash. */
const COMMIT = /^[0-9a-f]{7,64}$/i;

/**
 * Asks the clone, which is usually shallow, then GitHub. Caches the result for each pair of
 * commits.
 */
export function createAncestry({ folder, ...gitHub }: Sources): AskAncestry {
  const known = new Map<string, Promise<Ancestry>>();
  async function ask(one: string, other: string): Promise<Ancestry> {
    const strange = [one, other].find((commit) => !COMMIT.test(commit));
    if (strange !== undefined) return { relation: null, says: `"${strange.slice(0, 64)}" is not a commit` };
    const relation = await relationInClone(folder, one, other);
    if (relation !== null) return { relation, says: 'git' };
    const answer = await compareOnGitHub(gitHub, one, other);
    return typeof answer === 'string'
      ? { relation: answer, says: 'GitHub' }
      : { relation: null, says: `the local clone does not have both commits, and ${answer.problem}` };
  }
  return (one, other) => {
    const pair = `${one} ${other}`;
    const asked = known.get(pair) ?? ask(one, other);
    known.set(pair, asked);
    return asked;
  };
}
