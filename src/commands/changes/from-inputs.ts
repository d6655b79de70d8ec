import type { ParsedInputs } from '../../inputs/rule.ts';
import type { changesAction } from '../../inputs/actions/changes.ts';
import type { Environment } from '../../core/environment.ts';
import type { GitAccess } from '../../core/git.ts';
import { asSecret, type Secret } from '../../core/secrecy/secret.ts';
import { branchOf, readOccasion } from './occasion.ts';
import type { ChangesRequest } from './changes.ts';

/** The request, from the inputs and the event that started the workflow. */
export async function changesRequest({
  values,
  environment,
  workspace,
}: ParsedInputs<(typeof changesAction)['definitions']>): Promise<ChangesRequest> {
  const occasion = await readOccasion(environment);
  return {
    config: values.config,
    workspace,
    occasion,
    base: values.base,
    head: values.head,
    environment: values.environment,
    branch: branchOf(environment, occasion),
    access: accessOf(environment, values['github-token'] ?? asSecret(environment['GITHUB_TOKEN'] || null)),
  };
}

function accessOf(env: Environment, token: Secret | null): GitAccess | null {
  const { GITHUB_REPOSITORY: name } = env;
  const server = (env['GITHUB_SERVER_URL'] || 'https://github.com').replace(/\/+$/, '');
  if (token === null || !name || !URL.canParse(server)) return null;
  return { server, repository: `${server}/${name}`, token };
}
