import { Refused } from '../aws/refusals.ts';
import type { Request, RolloutRequest } from '../inputs/request.ts';
import { preflight } from '../preflight/preflight.ts';
import { provenanceTags } from '../provenance/provenance.ts';
import { settle } from '../traffic/settle.ts';
import type { ServiceFacts } from '../traffic/service-facts.ts';
import { rollOut } from '../rollout/rollout.ts';
import {
  prepareTaskDefinition,
  renderForService,
  type Preparation,
} from '../task-definition/task-definition.ts';
import type { Happening } from '../trail/event.ts';
import { clearTheWay } from './conflict.ts';
import type { DeployPorts } from './ports.ts';
import { chooseImage } from './choose-image.ts';
import { rolloutPorts, type Rollout } from './rollout-ports.ts';
import { servesAlready } from './serves-already.ts';

export interface DeployResult {
  readonly outcome: 'deployed' | 'unchanged' | 'rolled-back' | 'dirty';
  readonly reason: string;
  readonly canaryPercent: number | null;
  readonly oldRevisionUntil: number | null;
}

/**
 * The whole job for one service. Rejects only while production is untouched (Refused, PreflightFailed, BuildFailed and the
 * like, all in words); once the rollout has begun it always returns what became of it.
 */
export async function deploy(request: Request, ports: DeployPorts): Promise<DeployResult> {
  try {
    const prepared = await prepare(request, ports);
    if ('outcome' in prepared) return prepared;
    return await rollOut(request.rollout, await rolloutPorts(prepared, ports));
  } catch (error) {
    if (!ports.cancelled.aborted) throw error;
    // Whatever was under way was ended by the cancellation, and says so in its own odd ways.
    throw new Refused(`The job was cancelled (${ports.cancelled.reason}) before anything was deployed.`, {
      cause: error,
    });
  }
}

/** Everything up to the rollout; a result where none is needed. Production is not touched. */
async function prepare(request: Request, ports: DeployPorts): Promise<Rollout | DeployResult> {
  const { service, image } = await lookAndBuild(request, ports);
  const { rollout } = request;
  const { clock, cancelled, tell } = ports;
  const ecs = await ports.clients.ecs();
  const preparation = {
    request: request.taskDefinition,
    image,
    currentArn: service.taskDefinitionArn,
    provenance: provenanceTags(request.source, rollout),
    ecs,
    tell,
    signal: cancelled,
  };
  tell(plannedOf(rollout));
  if (request.dryRun) return rehearse(preparation);

  const release = await (ports.release ?? prepareTaskDefinition)(preparation);
  const place = { cluster: service.clusterArn, name: service.name };
  const adopting = await clearTheWay(
    { ecs, clock, service: place, rollout, cancelled, tell },
    release.taskDefinitionArn,
  );
  if (!adopting && (await servesAlready(ecs, service, release.taskDefinitionArn))) {
    if (service.leftOver) {
      await settle(ecs, service);
      tell({ kind: 'noticed', level: 'notice', message: LEFT_OVER });
    }
    return untouched(`Service ${service.name} already serves this very release with all of its traffic.`);
  }
  cancelled.throwIfAborted();
  return { rollout, service, release, serviceDeploymentArn: null };
}

const LEFT_OVER =
  "An earlier run had left its pause hook on the service: it is gone, and the service's own deployment configuration is back.";

/** The preflight runs beside the build; whichever fails first ends the other. */
async function lookAndBuild(
  request: Request,
  ports: DeployPorts,
): Promise<{ readonly service: ServiceFacts; readonly image: string }> {
  const stopped = new AbortController();
  const signal = AbortSignal.any([ports.cancelled, stopped.signal]);
  const { tell } = ports;
  const looking = look(request, ports);
  const choosing = chooseImage(request, { ...ports, cancelled: signal });
  try {
    const [service, image] = await Promise.all([
      looking.then((facts) => {
        tell(foundOf(facts));
        return facts;
      }),
      choosing,
    ]);
    return { service, image };
  } catch (error) {
    stopped.abort();
    // Both are over before anything is reported: the first failure is the cause.
    await Promise.allSettled([looking, choosing]);
    throw error;
  }
}

/**
 * The preflight. The task definition is tried here too: a misspelt container is told before minutes are spent on building its image.
 * Changes nothing.
 */
export async function look(
  request: Request,
  { clients, tell }: Pick<DeployPorts, 'clients' | 'tell'>,
): Promise<ServiceFacts> {
  const service = await preflight(request, clients, tell);
  await renderForService({
    request: request.taskDefinition,
    image: 'not-built-yet',
    currentArn: service.taskDefinitionArn,
    ecs: await clients.ecs(),
  });
  return service;
}

/** A dry run registers nothing, so the release still bears the name of the revision that runs. */
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
  return untouched('Dry run: everything that can be checked was, and nothing was changed.');
}

function plannedOf({ steps, bakeTime, stepTimeout, keepOld, smokeTests }: RolloutRequest): Happening {
  const inWords = smokeTests.map(({ path, status, times }) => `${path} answers ${status}, ${times} times`);
  return { kind: 'planned', steps, bakeTime, stepTimeout, keepOld, smokeTests: inWords };
}

function foundOf(facts: ServiceFacts): Happening {
  return {
    kind: 'found',
    serviceArn: facts.serviceArn,
    taskDefinitionArn: facts.taskDefinitionArn,
    image: null,
    desiredCount: facts.desiredCount,
    runningCount: facts.runningCount,
    traffic: {
      loadBalancer: facts.balancer.loadBalancerArn,
      productionRule: facts.balancer.productionRule,
      testRule: facts.balancer.testRule,
      targetGroups: facts.balancer.targetGroups,
    },
  };
}

function untouched(reason: string): DeployResult {
  return { outcome: 'unchanged', reason, canaryPercent: null, oldRevisionUntil: null };
}
