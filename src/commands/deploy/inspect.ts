import type { ECSClient, Service } from '@aws-sdk/client-ecs';
import { present } from '../../aws/errors.ts';
import type { Request } from '../../core/request.ts';
import { createCommitOrderGuard, type CommitOrderGuard } from './commit-order/guard.ts';
import { wasLive } from './commit-order/was-live.ts';
import { checkRelease } from '../../rollout/preflight/preflight.ts';
import { findService } from '../../aws/ecs/find-service.ts';
import { provenanceOf } from '../../aws/ecs/provenance.ts';
import { readReleases } from '../../aws/ecs/releases.ts';
import { renderForService } from '../../aws/task-definition/task-definition.ts';
import type { ServiceFacts } from '../../rollout/traffic/service-facts.ts';
import type { DeployContext } from './context.ts';
import { servingOf } from './serves-already.ts';

type Ports = Pick<DeployContext, 'clients' | 'tell' | 'clock'>;

/**
 * The preflight. In parallel, renders the task definition, to find errors before the build, and
 * checks whether the live release is newer. Changes nothing.
 */
export async function inspectService(
  request: Request,
  { clients, tell, clock, guard }: Ports & { readonly guard: CommitOrderGuard },
): Promise<ServiceFacts> {
  const { patient = clients } = clients;
  const ecs = await patient.ecs();
  const service = await findService(ecs, request);
  const [checked, tried] = await Promise.allSettled([
    checkRelease(request, patient, { tell, clock, service }),
    tryTaskDefinition(request, { ecs, service, guard }),
  ]);
  if (checked.status === 'rejected') throw checked.reason;
  if (tried.status === 'rejected') throw tried.reason;
  return checked.value;
}

interface Tried {
  readonly ecs: ECSClient;
  readonly service: Service;
  readonly guard: CommitOrderGuard;
}

async function tryTaskDefinition(request: Request, { ecs, service, guard }: Tried): Promise<void> {
  const currentArn = present(service.taskDefinition, 'taskDefinition');
  const { image } = request;
  const { unchanged, currentTags } = await renderForService({
    request: request.taskDefinition,
    image: image.kind === 'given' ? image.reference : 'not-built-yet',
    currentArn,
    ecs,
  });
  const { settled } = servingOf(service);
  await guard.look({ taskDefinitionArn: currentArn, ...provenanceOf(currentTags), settled, unchanged });
}

export async function createGuard(
  request: Request,
  { clients, ancestry, tell }: Pick<DeployContext, 'clients' | 'ancestry' | 'tell'>,
): Promise<CommitOrderGuard> {
  const { patient = clients } = clients;
  const ecs = await patient.ecs();
  const read = async (arn: string) => (await readReleases(ecs, [arn])).get(arn)!;
  const place = { cluster: request.cluster, name: request.service };
  return createCommitOrderGuard({
    request,
    ancestry,
    read,
    wasLive: (commit) => wasLive(ecs, place, commit),
    tell,
  });
}
