import { join } from 'node:path';
import { SECOND, systemClock } from '../src/core/time/clock.ts';
import type { Milliseconds } from '../src/core/time/clock.ts';
import { createAcm } from './acm/acm.ts';
import { createApplicationAutoScaling } from './application-auto-scaling/application-auto-scaling.ts';
import { createAutoScaling } from './auto-scaling/auto-scaling.ts';
import { createBalancer } from './balancer/balancer.ts';
import { createCloudWatchLogs } from './cloudwatch-logs/cloudwatch-logs.ts';
import { createCloudWatch } from './cloudwatch/cloudwatch.ts';
import { createContainers } from './containers/containers.ts';
import { startEcr } from './ecr/ecr.ts';
import { createEc2 } from './ec2/ec2.ts';
import { createEcs } from './ecs/ecs.ts';
import type { EcsSettings } from './ecs/settings.ts';
import { createElbv2 } from './elbv2/elbv2.ts';
import { removeImagesOf } from './engine/engine.ts';
import type { Engine } from './engine/engine.ts';
import { createFaults } from './faults/faults.ts';
import { createGuard, type Refused } from './iam/guard.ts';
import type { Policy } from './iam/policy.ts';
import { createLimits } from './limits/limits.ts';
import type { MetricSink } from './ports.ts';
import { claimRunFolder } from './run-folder.ts';
import type { RunFolder } from './run-folder.ts';
import { GOOD } from './simulated/behaviour.ts';
import { createSimulatedTasks } from './simulated/tasks.ts';
import { createSimulatedTraffic } from './simulated/traffic.ts';
import { createServiceQuotas } from './service-quotas/service-quotas.ts';
import { createSts } from './sts/sts.ts';
import { createWire, knowsOperation, listen } from './wire/wire.ts';

/** A local AWS with real protocols, a real registry, real containers and a real load balancer. */
export interface Sandbox {
  readonly endpoint: string;
  readonly account: string;
  /** Environment variables with which the AWS CLI, SDKs and the action call the sandbox. */
  readonly environment: Readonly<Record<string, string>>;
  /** Configuration of SDK clients in this process, with the owner's keys. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Stops and removes everything that was created in the sandbox; the engine keeps running. */
  close(): Promise<void>;
}

export interface SandboxOptions {
  /**
   * `null` to simulate tasks and users without Docker. Nothing is pulled, and nothing listens for
   * users.
   */
  readonly engine: Pick<Engine, 'docker' | 'dockerHost'> | null;
  /** Port of the endpoint; default 0: any free port. */
  readonly port?: number;
  /** Folder for its files, which are removed at the end. Default `.sandbox`. */
  readonly directory?: string;
  /** Delay of metrics: minutes on AWS, by default 5 s here. */
  readonly metricLag?: Milliseconds;
  /** Whether calls are throttled as in an AWS account. Default: false. */
  readonly limits?: boolean;
  /**
   * The policy for calls with the keys of `environment`; by default or with `null`, everything is
   * allowed.
   */
  readonly policy?: Policy | null;
  /** Called for each call that the policy refuses. */
  readonly onRefused?: (refused: Refused) => void;
  /** Overrides of the timing of ECS. */
  readonly timing?: Partial<EcsSettings>;
  /** Until a new instance of an Auto Scaling group is in service; default 2 minutes. */
  readonly launchTime?: Milliseconds;
}

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';
/** Keys of the owner, who may do everything. */
const KEYS = { accessKeyId: 'SANDBOX', secretAccessKey: 'sandbox' };
/** Keys of a user with the permissions of the policy. */
const GUARDED_KEY = 'GUARDED';

/**
 * Rejects with the cause and the fix when a requirement is missing, and removes everything that it
 * created.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { engine, port = 0, directory = '.sandbox', metricLag = 5 * SECOND, limits = false } = options;
  const { policy = null, onRefused = () => {}, timing = {}, launchTime = null } = options;
  const closers: (() => Promise<void> | void)[] = [];
  const close = () => closeAll(closers.splice(0).toReversed());
  try {
    const folder = await claimRunFolder(directory);
    closers.push(() => folder.remove());
    const parts = { engine, port, folder, metricLag, limits, policy, onRefused, timing, launchTime, closers };
    const endpoint = await start(parts);
    return {
      endpoint,
      account: ACCOUNT,
      environment: {
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: REGION,
        // The AWS CLI reads only this variable.
        AWS_DEFAULT_REGION: REGION,
        AWS_ACCESS_KEY_ID: policy === null ? KEYS.accessKeyId : GUARDED_KEY,
        AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
        ...(engine && { DOCKER_HOST: engine.dockerHost }),
        // Reads of the sandbox are consistent.
        ECS_RAMP_CLAIM_WAIT: '1',
      },
      client: { endpoint, region: REGION, credentials: KEYS },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Parts {
  readonly engine: SandboxOptions['engine'];
  readonly port: number;
  readonly folder: RunFolder;
  readonly metricLag: Milliseconds;
  readonly limits: boolean;
  readonly policy: Policy | null;
  readonly onRefused: (refused: Refused) => void;
  readonly timing: Partial<EcsSettings>;
  readonly launchTime: Milliseconds | null;
  /** Filled during the start; closed in reverse order. */
  readonly closers: (() => Promise<void> | void)[];
}

async function start(parts: Parts): Promise<string> {
  const { engine, port, folder, metricLag, limits, policy, onRefused, timing, launchTime, closers } = parts;
  const place = { clock: systemClock, account: ACCOUNT, region: REGION };
  const { clock } = place;
  const ecr = await startEcr({ ...place, directory: join(folder.path, 'registry') });
  closers.push(() => ecr.close());
  if (engine) closers.push(() => removeImagesOf(engine.docker, ecr.host));
  const cloudwatch = createCloudWatch({ clock, lag: metricLag });
  const logs = createCloudWatchLogs({ clock, metrics: cloudwatch.sink });
  closers.push(() => cloudwatch.close());
  const { runner, dataPlane } = engine
    ? {
        runner: createContainers({
          dockerHost: engine.dockerHost,
          logs: logs.sink,
          credentialsFor: (registry) => (registry === ecr.host ? ecr.credentials() : null),
          namePrefix: folder.name,
        }),
        dataPlane: createBalancer({ clock, metrics: cloudwatch.sink }),
      }
    : pretended(cloudwatch.sink);
  const acm = createAcm(place);
  const elb = createElbv2({
    ...place,
    dataPlane,
    metrics: cloudwatch.sink,
    certificates: acm.certificates,
  });
  closers.push(() => elb.close());
  const autoScaling = createAutoScaling({ ...place, random: Math.random, ...(launchTime && { launchTime }) });
  closers.push(() => autoScaling.close());
  const ecs = createEcs({
    ...place,
    random: Math.random,
    groups: autoScaling.groups,
    loadBalancing: elb.loadBalancing,
    runner,
    alarms: cloudwatch.alarms,
    metrics: cloudwatch.sink,
    timing,
  });
  closers.push(() => ecs.close());
  const scaling = createApplicationAutoScaling({
    ...place,
    tracking: { services: ecs.scalable, metrics: cloudwatch.metricData },
  });
  closers.push(() => scaling.close());
  const sts = createSts({ clock });
  const wire = createWire({
    services: [
      acm.service,
      createEc2(ecs.subnets),
      ecr.service,
      ecs.service,
      elb.service,
      cloudwatch.service,
      logs.service,
      sts.service,
      autoScaling.service,
      scaling.service,
      createServiceQuotas(ecs.vCpuQuota),
    ],
    faults: createFaults(knowsOperation),
    ...(limits && { limits: createLimits(clock) }),
    ...(policy && { guard: createGuard(policy, [KEYS.accessKeyId], onRefused) }),
    clock,
    checksTime: true,
    account: ACCOUNT,
    hasEnded: sts.sessions.hasEnded,
    onFailure: (error) => console.error(error),
  });
  const server = await listen(wire, port);
  closers.push(() => server.close());
  return server.endpoint;
}

/** Simulated tasks for any image, and a few simulated users. */
function pretended(metrics: MetricSink) {
  const runner = createSimulatedTasks({ clock: systemClock, behaviourOf: () => GOOD });
  const dataPlane = createSimulatedTraffic({
    clock: systemClock,
    random: Math.random,
    metrics,
    at: (target) => runner.at(target)?.behaviour ?? null,
    port: 80,
    rate: 20,
  });
  return { runner, dataPlane };
}

/** Closes all, also if one fails. */
async function closeAll(closers: readonly (() => Promise<void> | void)[]): Promise<void> {
  const problems: unknown[] = [];
  for (const close of closers) {
    try {
      await close();
    } catch (error) {
      problems.push(error);
    }
  }
  if (problems.length > 0)
    throw new AggregateError(
      problems,
      `The sandbox could not remove everything: ${problems.map(String).join('; ')}`,
    );
}
