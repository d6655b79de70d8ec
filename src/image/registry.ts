import type { ECRClient } from '@aws-sdk/client-ecr';
import type { PushTarget } from '../core/request.ts';
import { readDockerConfig } from './docker-config.ts';
import { findLogin } from './docker-login.ts';
import { privateRegistry } from './private-registry.ts';
import type { RegistryAccess } from './registry-access.ts';

/**
 * The registry to push to: the account's ECR unless another one is given. Without a user, Docker's
 * own login is used. Rejects with a UserError.
 */
export async function registryFor(
  target: PushTarget,
  openEcr: () => Promise<ECRClient>,
): Promise<RegistryAccess> {
  const { registry, repository, username, password } = target;
  if (registry === null) {
    const { ecrRegistry } = await import('./ecr.ts');
    return ecrRegistry({ client: await openEcr(), repository });
  }
  const given = username !== null && password !== null ? { username, password } : null;
  const credentials = async () =>
    given ?? findLogin(await readDockerConfig(process.env), registry, process.env);
  return privateRegistry({ host: registry, repository, credentials });
}
