import type { ServiceDeployment } from '@aws-sdk/client-ecs';
import type { Clients } from '../../aws/clients.ts';
import { watchSettingsOf, type WatchSettings } from '../../aws/ecs/watch-tags.ts';
import { provenanceOf } from '../../aws/ecs/provenance.ts';
import { describeTaskDefinition } from '../../aws/ecs/releases.ts';
import { taskDefinitionOf } from '../../aws/ecs/service-deployments.ts';
import type { Lease } from '../../aws/lease/lease.ts';
import { withoutLease } from '../../aws/lease/without-lease.ts';
import type { RolloutRequest } from '../../core/request.ts';
import type { Run } from '../../core/run.ts';
import { MINUTE, type Clock } from '../../core/time/clock.ts';
import type { NewEvent } from '../../core/trail/event.ts';
import { connectRollout, type Rollout } from '../../rollout/connect.ts';
import type { RolloutResult } from '../../rollout/result.ts';
import { preflight } from '../../rollout/preflight/preflight.ts';
import { rollOut } from '../../rollout/rollout.ts';
import { pausedBy } from '../../rollout/strategies/paused/pause-hook.ts';
import { watchOnce } from '../../rollout/watch.ts';
import { VERSION } from '../run/version.ts';
import { ONLY_BACK } from './take-back.ts';

export interface Kept {
  readonly service: string;
  readonly cluster: string;
  readonly running: ServiceDeployment;
}

export interface WatchPorts {
  readonly clients: Clients;
  readonly clock: Clock;
  readonly run: Run;
  readonly tell: (event: NewEvent) => void;
}

/** What the watch of a completed release found. */
export interface KeptWatch {
  /** Why it must be rolled back; `null` when nothing speaks against it. */
  readonly against: string | null;
  /** What was judged, as the end of a sentence. */
  readonly seen: string;
  /** Rolls it back as its job would, and verifies it. */
  rollBack(lease: Lease): Promise<RolloutResult>;
}

/**
 * Judges a release that has all of the traffic and keeps its old revision, by the settings of its
 * job. `null` when it is no longer kept. Rejects with UserError when AWS refuses.
 */
export async function watchKept(kept: Kept, ports: WatchPorts): Promise<KeptWatch | null> {
  const { clients, clock, run, tell } = ports;
  const { service, cluster, running } = kept;
  const ecs = await clients.ecs();
  const taskDefinitionArn = await taskDefinitionOf(ecs, running);
  if (taskDefinitionArn === null) return null;
  const { tags = [] } = (await describeTaskDefinition(ecs, taskDefinitionArn).catch(() => null)) ?? {};
  const settings = watchSettingsOf(tags);
  const rollout = rolloutFor(running, settings ?? DEFAULTS);
  const facts = await preflight({ service, cluster, rollout: { ...rollout, alarms: [] } }, clients, {
    tell() {},
    clock,
  });
  const what: Rollout = {
    rollout,
    service: facts,
    release: { taskDefinitionArn },
    serviceDeploymentArn: running.serviceDeploymentArn ?? null,
  };
  const told: NewEvent[] = [];
  const looking = await connectRollout(what, {
    clients,
    lease: withoutLease(run),
    clock,
    tell: (event) => told.push(event),
    cancelled: NEVER,
  });
  const { against, verdict, isKept } = await watchOnce(rollout, looking);
  if (!isKept) return null;
  const how =
    settings === null
      ? ' with the default settings, because the tags of its task definition do not have those of the release'
      : '';
  return {
    against: against?.reason ?? null,
    seen: `${verdict?.because ?? 'no request was counted yet'}${how}`,
    async rollBack(lease) {
      const { commit, repository, run: runUrl, actor } = provenanceOf(tags);
      tell({
        kind: 'started',
        version: VERSION,
        service,
        cluster,
        region: await ecs.config.region(),
        account: null,
        commit,
        repositoryUrl: repository,
        runUrl,
        actor,
        dryRun: false,
      });
      const began = clock.now();
      const ports = await connectRollout(what, { clients, lease, clock, tell, cancelled: NEVER });
      const result = await rollOut(rollout, ports);
      tell({ kind: 'finished', ...result, took: clock.now() - began });
      return result;
    },
  };
}

const NEVER = new AbortController().signal;

/** The part of the plan that matters after 100%. */
function rolloutFor(
  { deploymentConfiguration }: ServiceDeployment,
  { steps, bakeTime, judging, alarms, metrics }: WatchSettings,
): RolloutRequest {
  const strategy = pausedBy(deploymentConfiguration) === 'blue-green' ? 'blue-green' : 'canary';
  // Any time of keep-old: the deployment says when it ends.
  return { ...ONLY_BACK, strategy, steps, bakeTime, judging, alarms, metrics, keepOld: MINUTE };
}

/** The defaults of the inputs. */
const DEFAULTS: WatchSettings = {
  steps: [100],
  bakeTime: 5 * MINUTE,
  judging: {
    metricPeriod: MINUTE,
    metricDelay: 2 * MINUTE,
    warmUp: 3 * MINUTE,
    falseAlarmRate: 0.01,
    errorTolerance: 0.01,
    maxErrorRate: 0.05,
    latencyMargin: 1.2,
  },
  alarms: [],
  metrics: [],
};
