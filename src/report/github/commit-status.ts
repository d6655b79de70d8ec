import type { Subject, Surface } from './surface.ts';

/** The commit status, which GitHub also shows in the checks of the pull request. */
export function commitStatus({ api, place, name, runUrl }: Subject): Surface {
  let shown = '';
  return {
    what: 'the commit status',
    permission: 'statuses: write',
    async show({ status }) {
      if (status === null || JSON.stringify(status) === shown) return;
      await api.repos.createCommitStatus({
        owner: place.owner,
        repo: place.repo,
        sha: place.commit,
        context: `ecs-ramp/${name}`,
        ...status,
        ...(runUrl !== null && { target_url: runUrl }),
      });
      shown = JSON.stringify(status);
    },
  };
}
