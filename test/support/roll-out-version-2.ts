// A rollout of version 2 by the action's own code, on a virtual clock.
import { DescribeServicesCommand, type DeploymentConfiguration } from '@aws-sdk/client-ecs';
import type { Behaviour } from '../../sandbox/simulated/behaviour.ts';
import type { RolloutRequest } from '../../src/core/request.ts';
import { connectRollout } from '../../src/rollout/connect.ts';
import { preflight } from '../../src/rollout/preflight/preflight.ts';
import { rollOut } from '../../src/rollout/rollout.ts';
import type { RolloutResult } from '../../src/rollout/result.ts';
import { MINUTE, SECOND, type Milliseconds } from '../../src/core/time/clock.ts';
import { shareOnRule } from '../../src/rollout/strategies/canary/listener-rule.ts';
import type { NewEvent } from '../../src/core/trail/event.ts';
import { leaseOf } from './lease.ts';
import { selectFrom, type EventsOfKind } from './recorded-events.ts';
import { rolloutRequest } from './rollout-request.ts';
import { createSimulatedAws, type SimulatedAws, type SimulatedAwsOptions } from './simulated-aws.ts';
import { createVirtualClock } from './virtual-clock.ts';

export interface RolloutOptions {
  /** How the tasks of version 2 behave. Default: healthy, fast, without errors. */
  readonly behaviour?: Partial<Behaviour>;
  /** The options of the rollout that differ from the defaults of the action. */
  readonly request?: Partial<RolloutRequest>;
  readonly requestsPerSecond?: number;
  /** The job is cancelled at the start of this step. */
  readonly cancelAtPercent?: number;
  readonly cancelReason?: unknown;
  /** By default, the credentials do not expire. */
  readonly credentials?: { readonly lastFor: number; readonly isEndKnown: boolean };
  /** Faults of AWS that start with the rollout, with the step at 10%, or with the cancellation. */
  readonly faultsFromStart?: readonly object[];
  readonly faultsFrom10Percent?: readonly object[];
  readonly faultsFromCancellation?: readonly object[];
  readonly everyMinute?: (aws: SimulatedAws) => void;
  /** The container instances of the cluster. Default: Fargate. */
  readonly instances?: SimulatedAwsOptions['instances'];
  readonly desiredCount?: number;
  /** What happens some seconds after the start of these steps. */
  readonly at?: Readonly<Record<number, (aws: SimulatedAws) => void | Promise<void>>>;
  /** Why the cluster has no room for another task, this long after the start of the rollout. */
  readonly whyNoPlace?: (elapsed: Milliseconds) => string | null;
  /** The service's own deployment configuration. */
  readonly deploymentConfiguration?: DeploymentConfiguration;
  /** Whether ECS accepts a circuit breaker with a strategy that shifts traffic. */
  readonly breakerWithShifting?: 'accept' | 'refuse';
}

export interface RolloutStory {
  readonly result: RolloutResult;
  readonly eventsOfKind: EventsOfKind<NewEvent>;
  /** When each event was recorded. */
  readonly eventTimes: readonly number[];
  /** `Infinity` when the job was not cancelled. */
  readonly cancelledAt: number;
  /** The percentage that the listener rule sends to the new revision at the end. */
  readonly canaryShare: number | null;
  /** The configuration of the service at the end. */
  readonly deploymentConfiguration: object | undefined;
}

/** Rolls out version 2 on a virtual clock, like the action. */
export async function rollOutVersion2(
  {
    behaviour = {},
    request = {},
    requestsPerSecond,
    cancelAtPercent,
    cancelReason = 'SIGTERM',
    credentials,
    faultsFromStart = [],
    faultsFrom10Percent = [],
    faultsFromCancellation = [],
    everyMinute = () => {},
    whyNoPlace = () => null,
    instances,
    desiredCount,
    at = {},
    deploymentConfiguration,
    breakerWithShifting = 'accept',
  }: RolloutOptions,
  onAws: (aws: SimulatedAws) => void,
): Promise<RolloutStory> {
  const clockOfAws = createVirtualClock();
  let startedAt = Infinity;
  const simulated = await createSimulatedAws({
    versions: { v2: behaviour },
    ...(instances && { instances }),
    ...(desiredCount && { desiredCount }),
    ...(deploymentConfiguration && { deploymentConfiguration }),
    clock: clockOfAws,
    timing: {
      whyNoPlace: () => (clockOfAws.now() < startedAt ? null : whyNoPlace(clockOfAws.now() - startedAt)),
      breakerWithShifting,
    },
    ...(requestsPerSecond && { rate: requestsPerSecond }),
  });
  onAws(simulated);
  const { clock, wire } = simulated;
  const clients = credentials ? simulated.clientsOfSession(credentials.lastFor) : simulated.clients;
  const sessionEnd = credentials?.isEndKnown ? clock.now() + credentials.lastFor : 'not told';
  const taskDefinitionArn = await simulated.register('v2');
  const rollout = rolloutRequest(request);
  const service = await simulated.until(
    preflight({ service: 'web', cluster: 'shop', rollout }, clients, { clock, tell() {} }),
  );
  const events: NewEvent[] = [];
  const eventTimes: number[] = [];
  const cancel = new AbortController();
  let cancelledAt = Infinity;
  const ports = await connectRollout(
    { rollout, service, release: { taskDefinitionArn, image: 'v2' }, serviceDeploymentArn: null },
    {
      clients,
      lease: await leaseOf(clients, clock),
      clock,
      cancelled: cancel.signal,
      sessionEnd,
      tell(event) {
        events.push(event);
        eventTimes.push(clock.now());
        if (event.kind !== 'step-started') return;
        const happening = at[event.percent];
        if (happening) clock.after(20 * SECOND, () => void happening(simulated));
        if (event.percent === 10) wire.faults.add(faultsFrom10Percent);
        if (event.percent === cancelAtPercent) {
          cancelledAt = clock.now();
          cancel.abort(cancelReason);
          wire.faults.add(faultsFromCancellation);
        }
      },
    },
  );
  wire.faults.add(faultsFromStart);
  const minute = () => {
    everyMinute(simulated);
    clock.after(MINUTE, minute);
  };
  minute();
  startedAt = clock.now();
  const result = await simulated.until(rollOut(rollout, ports));
  wire.faults.clear();
  const ecs = await simulated.clients.ecs();
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }));
  return {
    result,
    eventsOfKind: selectFrom(events),
    eventTimes,
    cancelledAt,
    canaryShare: await readCanaryShare(simulated),
    deploymentConfiguration: services?.[0]?.deploymentConfiguration,
  };
}

export async function readCanaryShare({ clients, rule, targetGroups }: SimulatedAws): Promise<number | null> {
  return shareOnRule(await clients.elasticLoadBalancing(), rule, targetGroups[1]);
}
