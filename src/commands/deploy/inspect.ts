import type { ECSClient, Service } from '@aws-sdk/client-ecs';
import { present } from '../../aws/errors.ts';
import type { Request } from '../../core/request.ts';
import { createCommitOrderGuard, type CommitOrderGuard } from './commit-order/guard.ts';
import { wasLive } from './commit-order/was-live.ts';
import { UserError } from '../../core/failure.ts';
import { enginePlatform } from '../../image/engine-platform.ts';
import { fitOf, type FitRequest } from '../../rollout/preflight/fit.ts';
import { riskProblems, riskRemarks, risksOf } from '../../rollout/preflight/risks.ts';
import { checkRelease } from '../../rollout/preflight/preflight.ts';
import { findService } from '../../aws/ecs/find-service.ts';
import { provenanceOf } from '../../aws/ecs/provenance.ts';
import { readReleases } from '../../aws/ecs/releases.ts';
import { renderForService } from '../../aws/task-definition/task-definition.ts';
import type { ServiceFacts } from '../../rollout/traffic/service-facts.ts';
import type { DeployContext } from './context.ts';
import { servingOf } from './serves-already.ts';

type Ports = Pick<DeployContext, 'clients' | 'tell' | 'clock'> & Partial<Pick<DeployContext, 'docker'>>;

/**
 * The preflight. In parallel, renders the task definition, to find errors before the build, and
 * checks whether the live release is newer. Changes nothing.
 */
export async function inspectService(
  request: Request,
  { clients, tell, clock, docker, guard }: Ports & { readonly guard: CommitOrderGuard },
): Promise<ServiceFacts> {
  const { patient = clients } = clients;
  const ecs = await patient.ecs();
  const service = await findService(ecs, request);
  const [checked, tried] = await Promise.allSettled([
    checkRelease(request, patient, { tell, clock, service }),
    tryTaskDefinition(request, { ecs, service, guard, tell, docker }),
  ]);
  if (checked.status === 'rejected') throw together(checked.reason, tried);
  if (tried.status === 'rejected') throw tried.reason;
  return checked.value;
}

/** Reports the problems of both at once. */
function together(error: unknown, other: PromiseSettledResult<void>): unknown {
  const second: unknown = other.status === 'rejected' ? other.reason : null;
  return error instanceof UserError && second instanceof UserError
    ? new UserError([...new Set([...error.problems, ...second.problems])], { cause: error.cause })
    : error;
}

interface Tried {
  readonly ecs: ECSClient;
  readonly service: Service;
  readonly guard: CommitOrderGuard;
  readonly tell: Ports['tell'];
  readonly docker: Ports['docker'];
}

async function tryTaskDefinition(
  request: Request,
  { ecs, service, guard, tell, docker }: Tried,
): Promise<void> {
  const currentArn = present(service.taskDefinition, 'taskDefinition');
  const { image } = request;
  const {
    unchanged,
    currentTags,
    input,
    present: running,
  } = await renderForService({
    request: request.taskDefinition,
    image: image.kind === 'given' ? image.reference : 'not-built-yet',
    currentArn,
    ecs,
  });
  const facts = await imageFacts(image, docker);
  const { problems, remarks } = fitOf({ service, definition: input, ...facts }, running);
  const risks = risksOf({ definition: input, running, service });
  const refused = [...problems, ...riskProblems(risks, request.taskDefinition.forbid)];
  if (refused.length > 0) throw new UserError(refused);
  for (const message of [...remarks, ...riskRemarks(risks, { all: request.dryRun })])
    tell({ kind: 'notice', level: 'warning', message });
  const { settled } = servingOf(service);
  await guard.look({ taskDefinitionArn: currentArn, ...provenanceOf(currentTags), settled, unchanged });
}

/** What is known of the image before it is built. */
async function imageFacts(
  image: Request['image'],
  docker: Ports['docker'],
): Promise<Pick<FitRequest, 'isInEcr' | 'platforms'>> {
  if (image.kind === 'given')
    return { isInEcr: /^\d{12}\.dkr[.-]ecr[.-]/.test(image.reference), platforms: [] };
  const isInEcr = image.push.registry === null;
  if (image.platforms.length > 0 || !docker) return { isInEcr, platforms: image.platforms };
  const platform = await enginePlatform(docker, image.file);
  return { isInEcr, platforms: platform === null ? [] : [platform] };
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
