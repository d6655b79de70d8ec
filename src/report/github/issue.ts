import { markerOf, type Subject, type Surface } from './surface.ts';

const LABEL = 'ecs-ramp';

/** One open issue for each service that was rolled back. The next successful release closes it. */
export function issue(subject: Subject, { byApp }: { readonly byApp: boolean }): Surface {
  const { api, place, run } = subject;
  const { owner, repo } = place;
  const marker = markerOf(subject);
  const ofThisRun = `<!-- run ${run} -->`;
  let done = false;

  async function findOpen() {
    const { data } = await api.issues.listForRepo({
      owner,
      repo,
      labels: LABEL,
      state: 'open',
      per_page: 100,
    });
    return data.find(
      ({ body, user, pull_request }) =>
        !pull_request && body?.startsWith(marker) && (user?.type === 'Bot') === byApp,
    );
  }
  return {
    what: 'the issue',
    permission: 'issues: write',
    async show({ issue: wanted }) {
      if (wanted === null || done) return;
      const open = await findOpen();
      const body = `${marker}\n${ofThisRun}\n${wanted.body}`;
      if (wanted.state === 'closed') {
        if (open) {
          const issue_number = open.number;
          await api.issues.createComment({ owner, repo, issue_number, body: wanted.body });
          await api.issues.update({ owner, repo, issue_number, state: 'closed', state_reason: 'completed' });
        }
      } else if (!open) {
        await api.issues.create({ owner, repo, title: wanted.title, body, labels: [LABEL] });
      } else if (!open.body?.includes(ofThisRun)) {
        await api.issues.createComment({ owner, repo, issue_number: open.number, body });
      }
      done = true;
    },
  };
}
