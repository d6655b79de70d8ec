import type { Subject, Surface } from './surface.ts';

/**
 * A GitHub deployment of the environment ENVIRONMENT/SERVICE. It starts with the rollout or the
 * rollback, and its payload contains the deployed configuration. When it succeeds, GitHub marks
 * the earlier deployments of that environment as inactive; after a rollback, the earlier one stays
 * active.
 */
export function deployment(
  { api, place: { owner, repo, commit }, name, run, runUrl, resumed }: Subject,
  environmentUrl: string | null,
): Surface {
  let id: number | null = null;
  let mayBeThere = resumed;
  let shown = '';

  async function find(sha: string): Promise<number | null> {
    const { data } = await api.repos.listDeployments({
      owner,
      repo,
      sha,
      environment: name,
      per_page: 20,
    });
    return data.find(({ payload }) => runIn(payload) === run)?.id ?? null;
  }
  async function create(ref: string, payload: object): Promise<number> {
    const { data } = await api.repos.createDeployment({
      owner,
      repo,
      ref,
      environment: name,
      description: 'ecs-ramp',
      payload: { run, ...payload },
      // The workflow runs already: GitHub must neither merge nor wait for checks.
      auto_merge: false,
      required_contexts: [],
      // GitHub never marks production deployments as inactive.
      production_environment: false,
      transient_environment: false,
    });
    if ('id' in data) return data.id;
    throw new Error(data.message ?? 'GitHub made no deployment.');
  }
  return {
    what: 'the deployment',
    permission: 'deployments: write',
    async show({ deployment: wanted }) {
      if (wanted === null) return;
      const { payload, ref, ...status } = wanted;
      if (JSON.stringify(status) === shown) return;
      if (id === null && mayBeThere) id = await find(ref ?? commit);
      mayBeThere = true;
      id ??= await create(ref ?? commit, payload);
      await api.repos.createDeploymentStatus({
        owner,
        repo,
        deployment_id: id,
        ...status,
        auto_inactive: true,
        ...(runUrl !== null && { log_url: runUrl }),
        ...(environmentUrl !== null && { environment_url: environmentUrl }),
      });
      shown = JSON.stringify(status);
    },
  };
}

/** GitHub returns the payload as an object or as a string. */
function runIn(payload: unknown): unknown {
  if (typeof payload === 'object' && payload !== null && 'run' in payload) return payload.run;
  try {
    return typeof payload === 'string' ? runIn(JSON.parse(payload)) : null;
  } catch {
    return null;
  }
}
