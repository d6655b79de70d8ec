import type { Request } from '../../core/request.ts';
import type { CommitOrderGuard } from './commit-order/guard.ts';
import { provenanceTags } from '../../aws/ecs/provenance.ts';
import { watchTags } from '../../aws/ecs/watch-tags.ts';
import { restoreService } from '../../rollout/traffic/restore-service.ts';
import type { ServiceFacts } from '../../rollout/traffic/service-facts.ts';
import { createLease, type Lease } from '../../aws/lease/lease.ts';
import { neverSilent } from '../../core/trail/never-silent.ts';
import { rollOut } from '../../rollout/rollout.ts';
import {
  prepareTaskDefinition,
  renderForService,
  type Preparation,
} from '../../aws/task-definition/task-definition.ts';
import { waitForOtherDeployment } from './wait-for-other-deployment.ts';
import type { DeployContext } from './context.ts';
import { chooseImage } from './choose-image.ts';
import { connectRollout, type Rollout } from '../../rollout/connect.ts';
import { readDuringRollout } from './plan-during-rollout.ts';
import { createGuard, inspectService } from './inspect.ts';
import { checkSessionLength, refuseShortSession } from './session-length.ts';
import type { DeployResult } from './result.ts';
import { returnToKept } from './return-to-kept.ts';
import { readServing, serves, servesAlready } from './serves-already.ts';
import { unchanged } from './unchanged.ts';
import { inspectedEvent, plannedEvent, remarkEvent } from './plan-events.ts';
import { strategyNamed } from '../../rollout/strategies/strategies.ts';
import { UserError } from '../../core/failure.ts';
import { endSoon, unlessCancelled, whyCancelled } from '../../core/time/unless-cancelled.ts';

/**
 * Deploys one service. Rejects with UserError only while production is untouched; after the rollout
 * has started, it always returns the outcome.
 */
export async function deploy(request: Request, context: DeployContext): Promise<DeployResult> {
  const { rollout } = request;
  const ecs = await context.clients.ecs();
  // The Docker engine prints while it builds.
  let isBuilding = false;
  const { tell, end } = neverSilent(context.clock, context.tell, () => isBuilding);
  const ports = { ...context, tell };
  const lease = createLease({
    ecs,
    clock: ports.clock,
    run: ports.run,
    service: { cluster: request.cluster, name: request.service },
    onConflict: rollout.onConflict,
    patience: rollout.conflictTimeout,
    tell: ports.tell,
  });
  try {
    const patient = { ...ports, clients: ports.clients.patient ?? ports.clients, lease };
    const guard = await unlessCancelled(() => createGuard(request, patient), ports);
    const returned = await returnToKept(request, { ...ports, guard });
    if (returned !== null) return returned;
    const builds = (does: boolean) => (isBuilding = does);
    const prepared = await unlessCancelled(() => prepare(request, { ...patient, guard, builds }), ports);
    if ('outcome' in prepared) return prepared;
    return await rollOut(rollout, await connectRollout(prepared, { ...ports, lease }));
  } catch (error) {
    if (!ports.cancelled.aborted) throw error;
    // The error is a consequence of the cancellation.
    throw new UserError(`${whyCancelled(ports.cancelled)} before anything was deployed.`, {
      cause: error,
    });
  } finally {
    await endSoon(lease.release(), ports);
    end();
  }
}

interface Preparing extends DeployContext {
  readonly lease: Lease;
  readonly guard: CommitOrderGuard;
  /** Called with `true` when the build starts, and `false` when it ends. */
  readonly builds: (does: boolean) => void;
}

/** Everything before the rollout; a result if no rollout is required. Does not touch production. */
async function prepare(request: Request, ports: Preparing): Promise<Rollout | DeployResult> {
  const found = await lookAndBuild(request, ports);
  const { rollout } = request;
  const { clock, cancelled, tell, lease, guard } = ports;
  const ecs = await ports.clients.ecs();
  const preparationFor = (facts: ServiceFacts): Preparation => ({
    request: request.taskDefinition,
    image: found.image,
    currentArn: facts.taskDefinitionArn,
    provenance: [...provenanceTags(request.source, rollout), ...watchTags(rollout)],
    ecs,
    tell,
    signal: cancelled,
  });
  tell(plannedEvent(rollout, found.service));
  const remark = remarkEvent(rollout, found.service);
  if (remark !== null) tell(remark);
  if (request.dryRun) {
    const during = await readDuringRollout(ecs, found.service, rollout);
    if (during === null) return rehearse(preparationFor(found.service));
    tell({ kind: 'notice', level: 'notice', message: during.message });
    return rehearse(preparationFor({ ...found.service, taskDefinitionArn: during.serving }));
  }

  const { elasticLoadBalancing } = ports.clients;
  const makeReady = ports.release ?? prepareTaskDefinition;
  let { service } = found;
  let release = await makeReady(preparationFor(service));
  const strategy = strategyNamed(service.strategy);
  const bakingNow = async () =>
    (await strategy.unwatched?.({ ecs, service, rollout, clock, ...release })) ?? null;
  // Nothing to do: no need to wait for the lease.
  const isRunning = release.taskDefinitionArn === service.taskDefinitionArn;
  if (isRunning && !service.leftOver && (await servesAlready(ecs, service, release.taskDefinitionArn))) {
    if ((await bakingNow()) === null) return unchanged(elasticLoadBalancing, service);
  }
  for (let claims = 1; !(await lease.held()); claims++) {
    if (claims > MOST_CLAIMS) throw new UserError(neverHeld(service));
    await lease.claim(cancelled);
    service = await inspectService(request, ports);
    release = await makeReady(preparationFor(service));
  }
  const place = { cluster: service.cluster, name: service.name, strategy: service.strategy };
  const mayReplace = (arn: string) => guard.confirm(arn);
  const adopting = await waitForOtherDeployment(
    { ecs, clock, service: place, rollout, lease, mayReplace, cancelled, tell },
    release.taskDefinitionArn,
  );
  const baking = adopting ? null : await bakingNow();
  if (!adopting && baking === null) {
    const serving = await readServing(ecs, service);
    if (serves(serving, release.taskDefinitionArn)) {
      if (service.leftOver) {
        await restoreService(ecs, service, lease);
        tell({ kind: 'notice', level: 'notice', message: LEFT_OVER });
      }
      return unchanged(elasticLoadBalancing, service);
    }
    // Another tool may have deployed in the meantime.
    if (serving.taskDefinitionArn !== null && serving.taskDefinitionArn !== release.taskDefinitionArn)
      await guard.confirm(serving.taskDefinitionArn);
  }
  cancelled.throwIfAborted();
  if (!lease.tags && rollout.gates.some(({ kind }) => kind === 'approval'))
    throw new UserError(NOT_APPROVABLE);
  // A continued rollout has already completed some steps.
  if (!adopting && baking === null) refuseShortSession(rollout, ports);
  return { rollout, service, release, serviceDeploymentArn: baking };
}

/** Limits the attempts, because each registers a task definition revision. */
const MOST_CLAIMS = 5;
const neverHeld = ({ name }: ServiceFacts): string =>
  `Service ${name} could not be reserved for this run: the run tag was written ${MOST_CLAIMS} times, and each time ECS showed the service without it or with the tag of another run. Nothing was started. Run the job again when no other run deploys the service. If there is none, check that ecs:DescribeServices returns the service's tags.`;

const NOT_APPROVABLE =
  'gates: an approval is stored as a tag on the service, and this job is not allowed to tag it: allow ecs:TagResource on the service, or remove the approval. Nothing was started.';
const LEFT_OVER =
  "An earlier run left its pause hook on the service: it is removed, and the service's own deployment configuration is restored.";

/**
 * Runs the preflight and the claim of the lease in parallel with the build. The build starts when
 * the live release is known not to be newer. The first failure ends the others.
 */
async function lookAndBuild(
  request: Request,
  ports: Preparing,
): Promise<{ readonly service: ServiceFacts; readonly image: string }> {
  const stopped = new AbortController();
  const signal = AbortSignal.any([ports.cancelled, stopped.signal]);
  const { tell, guard, builds } = ports;
  const claiming = checkSessionLength(inspectService(request, ports), request.rollout, ports).then(
    async (facts) => {
      tell(inspectedEvent(facts));
      const waited = !request.dryRun && (await ports.lease.claim(signal));
      return waited ? inspectService(request, ports) : facts;
    },
  );
  const build = async (): Promise<string> => {
    await Promise.race([guard.passed, claiming]);
    builds(true);
    return chooseImage(request, { ...ports, cancelled: signal });
  };
  const choosing =
    request.image.kind === 'given'
      ? chooseImage(request, { ...ports, cancelled: signal })
      : build().finally(() => builds(false));
  try {
    const [service, image] = await Promise.all([claiming, choosing]);
    return { service, image };
  } catch (error) {
    stopped.abort();
    // Wait for both, then report the first failure: it is the cause.
    await Promise.allSettled([claiming, choosing]);
    throw error;
  }
}

/** A dry run registers nothing, so it reports the ARN of the current revision. */
async function rehearse(preparation: Preparation): Promise<DeployResult> {
  const { containerName, changes, unchanged } = await renderForService(preparation);
  preparation.tell({
    kind: 'task-definition-ready',
    taskDefinitionArn: preparation.currentArn,
    previousTaskDefinitionArn: preparation.currentArn,
    containerName,
    image: preparation.image,
    unchanged,
    changes,
  });
  return untouched('Dry run: everything that can be checked was checked, and nothing was changed.');
}

function untouched(reason: string): DeployResult {
  return { outcome: 'unchanged', reason, canaryPercent: null, oldRevisionUntil: null };
}
