import { nameOfArn } from '../../core/arn.ts';
import type { ServiceDeployment } from '@aws-sdk/client-ecs';
import type { Clients } from '../../aws/clients.ts';
import { connectRollout } from '../../rollout/connect.ts';
import type { RolloutRequest } from '../../core/request.ts';
import type { Lease } from '../../aws/lease/lease.ts';
import { preflight } from '../../rollout/preflight/preflight.ts';
import { rollOut } from '../../rollout/rollout.ts';
import type { RolloutResult } from '../../rollout/result.ts';
import { MINUTE, type Clock } from '../../core/time/clock.ts';
import { taskDefinitionOf } from '../../aws/ecs/service-deployments.ts';
import type { NewEvent } from '../../core/trail/event.ts';
import { UserError } from '../../core/failure.ts';

export interface Abandoned {
  readonly service: string;
  readonly cluster: string;
  readonly running: ServiceDeployment;
  /** The killed run, as text. */
  readonly whose: string;
}

/** Rolls back the unfinished rollout of a killed run, as a cancelled job would, and verifies it. */
export async function takeBack(
  { service, cluster, running, whose }: Abandoned,
  ports: {
    readonly clients: Clients;
    readonly clock: Clock;
    readonly lease: Lease;
    readonly tell: (event: NewEvent) => void;
  },
): Promise<RolloutResult> {
  const rollout = ONLY_BACK;
  const facts = await preflight({ service, cluster, rollout }, ports.clients, ports);
  const taskDefinitionArn = await taskDefinitionOf(await ports.clients.ecs(), running);
  if (taskDefinitionArn === null) {
    throw new UserError(
      `ECS does not report which task definition service deployment ${nameOfArn(running.serviceDeploymentArn!)} deploys.`,
    );
  }
  const what = {
    rollout,
    service: facts,
    release: { taskDefinitionArn },
    serviceDeploymentArn: running.serviceDeploymentArn ?? null,
  };
  const cancelled = AbortSignal.abort(`its run was killed: ${whose}`);
  return rollOut(rollout, await connectRollout(what, { ...ports, cancelled }));
}

/** Settings for a rollback, which evaluates nothing. */
export const ONLY_BACK: RolloutRequest = {
  strategy: 'canary',
  steps: [100],
  bakeTime: 0,
  stepTimeout: MINUTE,
  startTimeout: MINUTE,
  capacityTimeout: MINUTE,
  keepOld: 0,
  gates: [],
  smokeTests: [],
  smokeTestUrl: null,
  judging: {
    metricPeriod: MINUTE,
    metricDelay: 0,
    warmUp: 0,
    falseAlarmRate: 0.01,
    errorTolerance: 0.01,
    maxErrorRate: 0.05,
    latencyMargin: 1.2,
  },
  metrics: [],
  alarms: [],
  onInconclusive: 'rollback',
  onNoRoom: 'warn',
  containerLogs: 'show',
  onConflict: 'fail',
  onNewer: 'deploy',
  conflictTimeout: 0,
  onCancel: 'rollback',
};
