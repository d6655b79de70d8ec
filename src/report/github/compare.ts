import type { Environment } from '../../core/environment.ts';
import { connectGitHub } from './api.ts';
import { gitHubPlaceOf } from './place.ts';
import { troubleOf } from './trouble.ts';

/** How one commit stands to another: `newer` has all that the other has, and more. */
export type CommitRelation = 'newer' | 'same' | 'older' | 'diverged';

/** Of the first commit, by GitHub's word for the second as seen from the first. */
const STANDINGS: ReadonlyMap<string, CommitRelation> = new Map([
  ['behind', 'newer'],
  ['identical', 'same'],
  ['ahead', 'older'],
  ['diverged', 'diverged'],
]);

interface Access {
  readonly env: Environment;
  readonly token: string | null;
  /** Ends the call. */
  readonly stop: AbortSignal;
}

/** How one commit stands to another in the job's repository, by one call of at most ten seconds; or why not. Never rejects. */
export async function compareOnGitHub(
  { env, token, stop }: Access,
  one: string,
  other: string,
): Promise<CommitRelation | { readonly problem: string }> {
  const place = gitHubPlaceOf(env);
  if (place === null) return { problem: 'there is no GitHub to ask' };
  if (token === null) return { problem: 'there is no token to ask GitHub with' };
  const { owner, repo } = place;
  try {
    const api = await connectGitHub({ token, api: place.api, stop });
    // In this direction a release that is newer has no commits and files to be listed, which can be many.
    const basehead = `${one}...${other}`;
    const { data } = await api.repos.compareCommitsWithBasehead({ owner, repo, basehead, per_page: 1 });
    return STANDINGS.get(data.status) ?? { problem: 'what GitHub answers says nothing' };
  } catch (error) {
    const { forbidden, inWords } = troubleOf(error, Date.now());
    const fix = forbidden
      ? `; it takes permissions: contents: read, and both of them in ${owner}/${repo}`
      : '';
    return { problem: `GitHub did not compare them (${inWords}${fix})` };
  }
}
