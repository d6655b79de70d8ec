import { nameOfArn } from '../core/arn.ts';
import { noteRollback } from '../aws/ecs/rollback-note.ts';
import { errorText } from '../core/failure.ts';
import type { Clients } from '../aws/clients.ts';
import { mayPass } from '../aws/errors.ts';
import type { SessionEnd } from '../aws/credentials/session-end.ts';
import { firedInWords, lookAtAlarms } from './health/alarms.ts';
import { diagnose } from './health/diagnosis.ts';
import { askWebhook } from './gates/webhook.ts';
import { commandRunner } from './gates/command.ts';
import { createApprovals } from './gates/approvals.ts';
import { createGateWatch } from './gates/gates.ts';
import { createHealthReader } from './health/health.ts';
import type { RolloutRequest } from '../core/request.ts';
import type { Lease } from '../aws/lease/lease.ts';
import { createMetrics } from './metrics/metrics.ts';
import type { ServiceFacts } from './traffic/service-facts.ts';
import { createEvidenceReader } from './evidence.ts';
import type { RolloutPorts } from './ports.ts';
import { runSmokeTest, smokeTestPlace } from './health/smoke-test.ts';
import { MINUTE, SECOND, type Clock, type Milliseconds } from '../core/time/clock.ts';
import { cachedRead } from '../core/time/cached-read.ts';
import { strategyNamed } from './strategies/strategies.ts';
import type { Log } from '../core/log.ts';
import type { NewEvent, SmokeTested } from '../core/trail/event.ts';

/** The rollout to start or continue. */
export interface Rollout {
  readonly rollout: RolloutRequest;
  readonly service: ServiceFacts;
  /** The image is absent when the run only follows an earlier run's rollout. */
  readonly release: { readonly taskDefinitionArn: string; readonly image?: string };
  /** `null` to start a new deployment, or adopt one that an earlier run started. */
  readonly serviceDeploymentArn: string | null;
  /** The rollback that the earlier run already requested. Absent when it requested none. */
  readonly undoing?: RolloutPorts['undoing'];
  readonly rollbackPatience?: Milliseconds;
}

/** Draining takes ECS five minutes by default. */
const ROLLBACK_PATIENCE = 20 * MINUTE;

/**
 * Shorter than the poll interval, so that the alarms are read in each observation unless CloudWatch
 * is slow.
 */
const ALARMS_EVERY = 4 * SECOND;

interface World {
  readonly clients: Clients;
  readonly lease: Lease;
  readonly clock: Clock;
  readonly tell: (event: NewEvent) => void;
  readonly cancelled: AbortSignal;
  /**
   * Where the output of gate commands goes, and the environment variables that they get. Default:
   * none.
   */
  readonly log?: Pick<Log, 'say'>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** When the credentials expire. Default: `never`. */
  readonly sessionEnd?: SessionEnd;
}

/** Connects the rollout to AWS: the only place that knows both. */
export async function connectRollout(
  what: Rollout,
  { clients, lease, clock, tell, cancelled, sessionEnd, log, env = {} }: World,
): Promise<RolloutPorts> {
  const { rollout, service, release } = what;
  const { routing } = service;
  const strategy = strategyNamed(service.strategy);
  const [ecs, elb] = await Promise.all([clients.ecs(), clients.elasticLoadBalancing()]);
  const at = { ecs, service };
  const place = smokeTestPlace(rollout, service.routing);
  const tested = {
    service: service.name,
    cluster: nameOfArn(service.cluster),
    taskDefinitionArn: release.taskDefinitionArn,
    image: release.image ?? null,
    testUrl: place?.url ?? null,
    testHost: place?.host ?? null,
    testHeaders: place && Object.keys(place.headers).length > 0 ? place.headers : null,
    runUrl: lease.run.place.startsWith('https:') ? lease.run.place : null,
  };
  const starting = {
    ecs,
    clock,
    service,
    taskDefinitionArn: release.taskDefinitionArn,
    serviceDeploymentArn: what.serviceDeploymentArn,
    lease,
  };
  return {
    clock,
    tell,
    cancelled,
    credentialsUntil: typeof sessionEnd === 'number' ? sessionEnd : null,
    ...(what.undoing && { undoing: what.undoing }),
    rollbackPatience: what.rollbackPatience ?? ROLLBACK_PATIENCE,
    strategy,
    mover: await strategy.mover({ ...starting, elb, rollout, tell }),
    readHealth: ({ canary, stable }) =>
      createHealthReader({
        ...at,
        clock,
        elb,
        canary,
        stable,
        ...(routing.kind === 'one-group' && { together: canary.group }),
      }),
    async readEvidence({ canary, stable, startedAt }) {
      const metrics = createMetrics({
        cloudWatch: await clients.cloudWatch(),
        arms: { canary, stable },
        judging: rollout.judging,
        sticky: routing.kind !== 'none' && routing.sticky,
        own: rollout.metrics,
        notice: (message) => tell({ kind: 'notice', level: 'notice', message }),
        startedAt,
      });
      return createEvidenceReader(metrics, rollout.judging);
    },
    readAlarms: ({ startedAt }) =>
      cachedRead(
        clock,
        async () => {
          if (rollout.alarms.length === 0) return null;
          const { fired } = await lookAtAlarms(await clients.cloudWatch(), rollout.alarms, startedAt);
          return fired.length > 0 ? firedInWords(fired) : null;
        },
        { often: ALARMS_EVERY, mayPass },
      ),
    watchGates: ({ id }) =>
      createGateWatch({
        plan: rollout,
        clock,
        tell,
        approvals: createApprovals({ ecs, clock, lease, service, deployment: id }),
        ask: askWebhook(tested),
        run: commandRunner({ tested, env, clock, say: (line) => log?.say(line) }),
      }),
    smokeTest: () => smokeTest(rollout, service),
    async noteRollback({ id }, reason) {
      // A run that finishes the rollout of a dead one may not have the permission, and needs less.
      if (release.image === undefined) return;
      try {
        await noteRollback({ ecs, clock }, release.taskDefinitionArn, { deployment: id, reason });
      } catch (error) {
        const message = `ecs-ramp history will not show the reason of this rollback: ${errorText(error)}`;
        tell({ kind: 'notice', level: 'notice', message });
      }
    },
    diagnose: (started, stoppedTasks) =>
      diagnose({
        ...at,
        logs: rollout.containerLogs === 'hide' ? null : clients.cloudWatchLogs,
        taskDefinitionArn: release.taskDefinitionArn,
        since: started.startedAt,
        stoppedTasks,
      }),
  };
}

/** Runs the smoke tests in order, until one fails. */
async function smokeTest(rollout: RolloutRequest, service: ServiceFacts): Promise<SmokeTested[]> {
  const place = smokeTestPlace(rollout, service.routing)!;
  const results: SmokeTested[] = [];
  for (const test of rollout.smokeTests) {
    const result = await runSmokeTest(test, place);
    results.push(result);
    if (result.problem !== null) break;
  }
  return results;
}
