import type { ECRClient } from '@aws-sdk/client-ecr';
import type { PushTarget } from '../core/request.ts';
import { privateRegistry } from './private-registry.ts';
import type { RegistryAccess } from './registry-access.ts';

/**
 * The registry to push to: the account's ECR unless another one is given. Rejects with a UserError.
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
  const credentials = username !== null && password !== null ? { username, password } : null;
  return privateRegistry({ host: registry, repository, credentials });
}
