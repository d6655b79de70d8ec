import { markerOf, type Subject, type Surface } from './surface.ts';

/** The most pages of comments, 100 each, in which to search for our comment. */
const MOST_PAGES = 10;

/**
 * One comment for each service on the pull request of the commit. Jobs do not share a comment:
 * comments have no conditional update, so jobs that share one would overwrite each other.
 */
export function comment(subject: Subject, { byApp }: { readonly byApp: boolean }): Surface {
  const { api, place } = subject;
  const { owner, repo } = place;
  const marker = markerOf(subject);
  let pullRequest = place.pullRequest;
  let id: number | null = null;
  let shown = '';

  /** Of several, the one whose merge created the commit. `null` if there is none. */
  async function findPullRequest(): Promise<number | null> {
    const { data } = await api.repos.listPullRequestsAssociatedWithCommit({
      owner,
      repo,
      commit_sha: place.commit,
    });
    const merged = data.filter(({ merged_at }) => merged_at);
    const made = merged.find(({ merge_commit_sha }) => merge_commit_sha === place.commit);
    return (made ?? merged[0] ?? data[0])?.number ?? null;
  }
  /** Ignores comments of other authors who copied the marker. */
  async function findComment(issue_number: number): Promise<number | null> {
    for (let page = 1; page <= MOST_PAGES; page++) {
      const { data } = await api.issues.listComments({ owner, repo, issue_number, per_page: 100, page });
      const ours = data.find(
        ({ body, user }) => body?.startsWith(marker) && (user?.type === 'Bot') === byApp,
      );
      if (ours) return ours.id;
      if (data.length < 100) break;
    }
    return null;
  }
  return {
    what: 'the comment',
    permission: 'pull-requests: write',
    async show({ comment: wanted }) {
      if (wanted === null || wanted === shown) return;
      pullRequest ??= await findPullRequest();
      if (pullRequest !== null) {
        const body = `${marker}\n${wanted}`;
        id ??= await findComment(pullRequest);
        if (id !== null) await api.issues.updateComment({ owner, repo, comment_id: id, body });
        else
          ({ id } = (await api.issues.createComment({ owner, repo, issue_number: pullRequest, body })).data);
      }
      shown = wanted;
    },
  };
}
