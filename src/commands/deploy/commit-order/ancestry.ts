import type { Environment } from '../../../core/environment.ts';
import { compareOnGitHub } from '../../../report/github/compare.ts';
import { relationInClone } from './git.ts';
import type { Ancestry } from './commit-order.ts';

/** How one commit stands to another. Never rejects. */
export type AskAncestry = (one: string, other: string) => Promise<Ancestry>;

interface Sources {
  /** The clone that was released from, if it is one. */
  readonly folder: string;
  readonly env: Environment;
  /** For GitHub; null: it is not asked. */
  readonly token: string | null;
  /** Ends what is under way. */
  readonly stop: AbortSignal;
}

/** As tags and command lines have them. */
const COMMIT = /^[0-9a-f]{7,64}$/i;

/** Asks the clone, which mostly has one commit only, then GitHub, once for each pair of commits: what they are to each other stays. */
export function createAncestry({ folder, ...gitHub }: Sources): AskAncestry {
  const known = new Map<string, Promise<Ancestry>>();
  async function ask(one: string, other: string): Promise<Ancestry> {
    const strange = [one, other].find((commit) => !COMMIT.test(commit));
    if (strange !== undefined) return { relation: null, says: `"${strange.slice(0, 64)}" is no commit` };
    const relation = await relationInClone(folder, one, other);
    if (relation !== null) return { relation, says: 'git' };
    const answer = await compareOnGitHub(gitHub, one, other);
    return typeof answer === 'string'
      ? { relation: answer, says: 'GitHub' }
      : { relation: null, says: `the clone here does not have both, and ${answer.problem}` };
  }
  return (one, other) => {
    const pair = `${one} ${other}`;
    const asked = known.get(pair) ?? ask(one, other);
    known.set(pair, asked);
    return asked;
  };
}
