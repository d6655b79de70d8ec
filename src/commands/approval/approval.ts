import {
  TagResourceCommand,
  type ECSClient,
  type Service,
  type ServiceDeployment,
} from '@aws-sdk/client-ecs';
import { nameOfArn } from '../../core/arn.ts';
import { isDead, writtenIn } from '../../aws/lease/run-tag.ts';
import { findService } from '../../aws/ecs/find-service.ts';
import { endKeep } from '../../rollout/traffic/end-keep.ts';
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
  /** Who approves or aborts, for the log of the rollout. */
  readonly by: string;
}

/** A rollout by ecs-ramp that is in progress. */
interface Found {
  readonly service: Service;
  readonly deployment: ServiceDeployment;
  readonly traffic: Traffic;
}

/**
 * Approves the step at which the rollout of a service waits; `step: null` approves any step, or
 * ends the time for which a completed rollout keeps its old revision. Resolves to lines that report what was done. Rejects with UserError, also if no step waits.
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
  if (!waits && traffic.keep !== undefined && step === null) {
    return removeOld(service, { ...traffic, keep: traffic.keep }, ports);
  }
  if (!waits) {
    throw new UserError(
      `No step is waiting for an approval: the rollout of service ${request.service} is ${phaseInWords(traffic)}.`,
    );
  }
  const { percent } = written;
  if (step !== null && step !== percent) {
    throw new UserError(
      `The rollout of service ${request.service} waits for an approval at ${percent}%, not at ${step}%: nothing was approved.`,
    );
  }
  if (written.says === 'aborted') {
    throw new UserError(`The rollout of service ${request.service} was already aborted by ${written.by}.`);
  }
  if (written.says === 'approved') return [`${percent}% was already approved by ${written.by}`];
  await tag(ecs, service, {
    says: 'approved',
    percent,
    deployment: name,
    at: clock.now(),
    by,
    reason: null,
  });
  return [
    `approved ${percent}% of service ${request.service} as ${by}: the rollout continues when the evaluation also passes`,
    ...(hasLiveRun(service, clock.now()) ? [] : [UNWATCHED]),
  ];
}

const UNWATCHED =
  'no run seems to monitor this rollout: run its job again before the pause ends, otherwise ECS rolls back';

/** Rejects with UserError while a run still watches the new revision. */
async function removeOld(
  { serviceName, tags = [] }: Service,
  traffic: Parameters<typeof endKeep>[2],
  { ecs, clock }: Ports,
): Promise<readonly string[]> {
  const lease = writtenIn(tags);
  if (lease !== null && !isDead(lease, clock.now())) {
    throw new UserError(
      `No step is waiting for an approval: the rollout of service ${serviceName} has all of the traffic, and its run ${lease.inWords} still watches it. The old revision can be removed when that run has ended.`,
    );
  }
  await endKeep(ecs, clock, traffic);
  const until = new Date(traffic.keep.until).toISOString();
  return [
    `the new revision of service ${serviceName} has all of the traffic, and the old one was kept until ${until}: ECS removes it now`,
  ];
}

/**
 * Requests the rollback from ECS at once, and passes the reason to the run that monitors the
 * rollout. Resolves to lines that report what was done. Rejects with UserError, also if no
 * deployment is in progress.
 */
export async function abort(
  { reason, ...request }: ApprovalRequest & { readonly reason: string },
  ports: Ports,
): Promise<readonly string[]> {
  const { ecs, clock, by } = ports;
  const { service, deployment, traffic } = await find(request, ports, 'abort');
  if (traffic.phase === 'rolling-back') {
    return [
      `the rollout of service ${request.service} is already rolling back: ${traffic.reason ?? traffic.stage}`,
    ];
  }
  const isWatched = hasLiveRun(service, clock.now());
  // Before the call: the run looks for the tag when it sees that ECS rolls back. A completed rollout
  // has no run that would remove the tag.
  const untold =
    traffic.phase === 'keeping-old' && !isWatched
      ? null
      : await tag(ecs, service, {
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
      `The rollout of service ${request.service} has just completed on the new revision. Use \`ecs-ramp rollback\` to roll it back.`,
    );
  }
  return [
    `aborted the rollout of service ${request.service} ${phaseInWords(traffic)} as ${by}: ECS rolls back, and ${isWatched ? 'the run that monitors the rollout reports the result' : '`ecs-ramp status` shows when it has'}`,
    ...(untold === null ? [] : [`the reason could not be passed to the run: ${untold}`]),
  ];
}

async function find(request: ApprovalRequest, { ecs }: Ports, verb: string): Promise<Found> {
  const service = await findService(ecs, request);
  const deployment = await deploymentInProgress(ecs, { cluster: request.cluster, name: request.service });
  if (deployment === null) {
    throw new UserError(
      `There is nothing to ${verb}: no deployment of service ${request.service} is in progress.`,
    );
  }
  if (patienceOf(deployment.deploymentConfiguration) === null) {
    throw new UserError(
      `There is nothing to ${verb}: the deployment of service ${request.service} that is in progress was not started by ecs-ramp. Use \`ecs-ramp rollback\` to roll it back.`,
    );
  }
  return { service, deployment, traffic: trafficOf(deployment) };
}

async function tag(ecs: ECSClient, service: Service, written: WrittenGate): Promise<void> {
  await ecs.send(new TagResourceCommand({ resourceArn: service.serviceArn, tags: gateTags(written) }));
}

/** Whether a run is alive to see a tag. */
function hasLiveRun({ tags = [] }: Service, now: number): boolean {
  const lease = writtenIn(tags);
  return lease !== null && !isDead(lease, now);
}
