import type { Environment } from '../../core/environment.ts';
import { connectGitHub } from './api.ts';
import { gitHubPlaceOf } from './place.ts';
import { troubleOf } from './trouble.ts';
import type { Secret } from '../../core/secrecy/secret.ts';

/** The relation of one commit to another: `newer` means that the other is its ancestor. */
export type CommitRelation = 'newer' | 'same' | 'older' | 'diverged';

/** The relation of the first commit, by the status that GitHub reports for the second. */
const STANDINGS: ReadonlyMap<string, CommitRelation> = new Map([
  ['behind', 'newer'],
  ['identical', 'same'],
  ['ahead', 'older'],
  ['diverged', 'diverged'],
]);

interface Access {
  readonly env: Environment;
  readonly token: Secret | null;
  /** Aborts the call. */
  readonly stop: AbortSignal;
}

/**
 * The relation of one commit to another in the job's repository, with one call of at most ten
 * seconds; or why it is not known. Never rejects.
 */
export async function compareOnGitHub(
  { env, token, stop }: Access,
  one: string,
  other: string,
): Promise<CommitRelation | { readonly problem: string }> {
  const place = gitHubPlaceOf(env);
  if (place === null) return { problem: 'this does not run in a GitHub workflow' };
  if (token === null) return { problem: 'there is no GitHub token' };
  const { owner, repo } = place;
  try {
    const api = await connectGitHub({ token, api: place.api, stop });
    // In this direction, GitHub lists no commits and files for a newer release; there can be many.
    const basehead = `${one}...${other}`;
    const { data } = await api.repos.compareCommitsWithBasehead({ owner, repo, basehead, per_page: 1 });
    return STANDINGS.get(data.status) ?? { problem: 'GitHub returned an unknown answer' };
  } catch (error) {
    const { forbidden, inWords } = troubleOf(error, Date.now());
    const fix = forbidden
      ? `; this requires permissions: contents: read, and both commits in ${owner}/${repo}`
      : '';
    return { problem: `GitHub did not compare them (${inWords}${fix})` };
  }
}
