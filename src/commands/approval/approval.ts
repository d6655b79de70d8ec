import {
  TagResourceCommand,
  type ECSClient,
  type Service,
  type ServiceDeployment,
} from '@aws-sdk/client-ecs';
import { nameOfArn } from '../../core/arn.ts';
import { isDead, writtenIn } from '../../aws/lease/run-tag.ts';
import { findService } from '../../aws/ecs/find-service.ts';
import { turnBack } from '../../rollout/traffic/turn-back.ts';
import type { Clock } from '../../core/time/clock.ts';
import { gateIn, gateTags, type WrittenGate } from '../../rollout/traffic/gate-tag.ts';
import { patienceOf } from '../../rollout/strategies/paused/pause-hook.ts';
import { deploymentInProgress } from '../../aws/ecs/service-deployments.ts';
import { phaseInWords } from '../../rollout/traffic/phase-in-words.ts';
import { trafficOf } from '../../rollout/strategies/strategies.ts';
import type { Traffic } from '../../rollout/traffic/traffic-mover.ts';
import { UserError } from '../../core/failure.ts';

interface ApprovalRequest {
  readonly service: string;
  readonly cluster: string;
}

interface Ports {
  readonly ecs: ECSClient;
  readonly clock: Clock;
  /** Who says it, as the log will tell. */
  readonly by: string;
}

/** A rollout of ours that is under way. */
interface Found {
  readonly service: Service;
  readonly deployment: ServiceDeployment;
  readonly traffic: Traffic;
}

/**
 * Approves the step that the rollout of a service waits at; null: whichever it is. Resolves to what was done, in lines. Rejects
 * with UserError: also where nothing waits.
 */
export async function approve(
  { step, ...request }: ApprovalRequest & { readonly step: number | null },
  ports: Ports,
): Promise<readonly string[]> {
  const { ecs, clock, by } = ports;
  const { service, deployment, traffic } = await find(request, ports, 'continue');
  const { tags = [] } = service;
  const name = nameOfArn(deployment.serviceDeploymentArn!);
  const written = gateIn(tags);
  const waits =
    written?.deployment === name && traffic.phase === 'paused' && written.percent === traffic.percent;
  if (!waits) {
    throw new UserError(
      `Nothing waits for an approval: the rollout of service ${request.service} is ${phaseInWords(traffic)}.`,
    );
  }
  const { percent } = written;
  if (step !== null && step !== percent) {
    throw new UserError(
      `The rollout of service ${request.service} waits for an approval at ${percent}%, not at ${step}%: nothing was approved.`,
    );
  }
  if (written.says === 'aborted') {
    throw new UserError(`The rollout of service ${request.service} was aborted by ${written.by} before.`);
  }
  if (written.says === 'approved') return [`${percent}% was approved already, by ${written.by}`];
  await tag(ecs, service, {
    says: 'approved',
    percent,
    deployment: name,
    at: clock.now(),
    by,
    reason: null,
  });
  return [
    `approved ${percent}% of service ${request.service} as ${by}: the rollout goes on when the evidence is good too`,
    ...unwatched(service, clock.now()),
  ];
}

/**
 * Asks ECS to roll a rollout back, now, and leaves word for the run that watches it. Resolves to what was done, in lines. Rejects
 * with UserError: also where nothing is under way.
 */
export async function abort(
  { reason, ...request }: ApprovalRequest & { readonly reason: string },
  ports: Ports,
): Promise<readonly string[]> {
  const { ecs, clock, by } = ports;
  const { service, deployment, traffic } = await find(request, ports, 'abort');
  if (traffic.phase === 'rolling-back') {
    return [
      `the rollout of service ${request.service} is on its way back already: ${traffic.reason ?? traffic.stage}`,
    ];
  }
  // Before the call: who sees that ECS rolls back looks for the word.
  const untold = await tag(ecs, service, {
    says: 'aborted',
    percent: traffic.percent,
    deployment: nameOfArn(deployment.serviceDeploymentArn!),
    at: clock.now(),
    by,
    reason,
  }).then(
    () => null,
    (error: unknown) => {
      if (error instanceof UserError) return error.message;
      throw error;
    },
  );
  if (await turnBack(ecs, deployment)) {
    throw new UserError(
      `The rollout of service ${request.service} had just ended on the new revision: \`ecs-ramp rollback\` takes it back.`,
    );
  }
  return [
    `aborted the rollout of service ${request.service} ${phaseInWords(traffic)} as ${by}: ECS rolls back, and the run that watches it says the end`,
    ...(untold === null ? [] : [`the run cannot be told why: ${untold}`]),
    ...unwatched(service, clock.now()),
  ];
}

async function find(request: ApprovalRequest, { ecs }: Ports, verb: string): Promise<Found> {
  const service = await findService(ecs, request);
  const deployment = await deploymentInProgress(ecs, { cluster: request.cluster, name: request.service });
  if (deployment === null) {
    throw new UserError(
      `There is nothing to ${verb}: no deployment of service ${request.service} is under way.`,
    );
  }
  if (patienceOf(deployment.deploymentConfiguration) === null) {
    throw new UserError(
      `There is nothing to ${verb}: the deployment of service ${request.service} that is under way was not begun by ecs-ramp. \`ecs-ramp rollback\` undoes it.`,
    );
  }
  return { service, deployment, traffic: trafficOf(deployment) };
}

async function tag(ecs: ECSClient, service: Service, written: WrittenGate): Promise<void> {
  await ecs.send(new TagResourceCommand({ resourceArn: service.serviceArn, tags: gateTags(written) }));
}

/** Only a run that is alive hears it. */
function unwatched({ tags = [] }: Service, now: number): readonly string[] {
  const lease = writtenIn(tags);
  return lease === null || isDead(lease, now)
    ? ['no run seems to watch this rollout: run its job again before the pause ends, or ECS rolls back']
    : [];
}
