import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import type { Behaviour } from '../../../sandbox/simulated/behaviour.ts';
import type { RolloutRequest } from '../../../src/core/request.ts';
import { connectRollout } from '../../../src/rollout/connect.ts';
import { preflight } from '../../../src/rollout/preflight/preflight.ts';
import { rollOut } from '../../../src/rollout/rollout.ts';
import type { RolloutResult } from '../../../src/rollout/ports.ts';
import { MINUTE, SECOND } from '../../../src/core/time/clock.ts';
import { shareOnRule } from '../../../src/rollout/strategies/canary/listener-rule.ts';
import type { NewEvent } from '../../../src/core/trail/event.ts';
import { leaseOf } from '../../support/lease.ts';
import { rolloutRequest } from '../../support/rollout-request.ts';
import { createSimulatedAws, type SimulatedAws } from '../../support/simulated-aws.ts';

// An hour of a simulated rollout takes some seconds.
jest.setTimeout(120_000);

let aws: SimulatedAws | null = null;
afterEach(async () => {
  await aws?.close();
  aws = null;
});

interface Story {
  readonly result: RolloutResult;
  /** When an event was recorded. */
  readonly times: readonly number[];
  /** Infinity for never. */
  readonly cancelledAt: number;
  readonly of: <K extends NewEvent['kind']>(kind: K) => readonly Extract<NewEvent, { kind: K }>[];
  readonly canaryShare: number | null;
  /** Users' requests that the new revision answered with an error, or not at all. */
  readonly failedOnCanary: number;
  readonly deploymentConfiguration: object | undefined;
}

/** Rolls out version 2 on a virtual clock, like the action. */
async function rollOutVersion2(
  behaviour: Partial<Behaviour>,
  options: {
    readonly steps?: readonly number[];
    readonly rate?: number;
    readonly cancelAt?: number;
    readonly cancelWith?: unknown;
    /** How long the credentials last from the start, and whether the rollout knows it. */
    readonly session?: { readonly lasts: number; readonly told: boolean };
    readonly faults?: readonly object[];
    readonly faultsWhenCancelled?: readonly object[];
    /** From the first step. */
    readonly faultsAtStep?: readonly object[];
    readonly different?: Partial<RolloutRequest>;
    readonly everyMinute?: (aws: SimulatedAws) => void;
  } = {},
): Promise<Story> {
  aws = await createSimulatedAws({
    versions: { v2: behaviour },
    ...(options.rate && { rate: options.rate }),
  });
  const { clock } = aws;
  const { session } = options;
  const clients = session ? aws.clientsOfSession(session.lasts) : aws.clients;
  const sessionEnd = session?.told ? clock.now() + session.lasts : 'not told';
  const taskDefinitionArn = await aws.register('v2');
  const rollout = rolloutRequest({ ...options.different, ...(options.steps && { steps: options.steps }) });
  const request = { service: 'web', cluster: 'shop', rollout };
  const service = await aws.until(preflight(request, clients, { clock, tell() {} }));
  const told: NewEvent[] = [];
  const times: number[] = [];
  const cancel = new AbortController();
  let cancelledAt = Infinity;
  const ports = await connectRollout(
    { rollout, service, release: { taskDefinitionArn }, serviceDeploymentArn: null },
    {
      clients,
      lease: await leaseOf(clients, clock),
      clock,
      cancelled: cancel.signal,
      sessionEnd,
      tell(event) {
        told.push(event);
        times.push(clock.now());
        if (event.kind === 'step-started' && event.percent === 10) {
          aws!.wire.faults.add(options.faultsAtStep ?? []);
        }
        if (event.kind === 'step-started' && event.percent === options.cancelAt) {
          cancelledAt = clock.now();
          cancel.abort(options.cancelWith ?? 'SIGTERM');
          aws!.wire.faults.add(options.faultsWhenCancelled ?? []);
        }
      },
    },
  );
  aws.wire.faults.add(options.faults ?? []);
  const simulated = aws;
  const minute = () => {
    options.everyMinute?.(simulated);
    clock.after(MINUTE, minute);
  };
  minute();
  const result = await aws.until(rollOut(rollout, ports));
  aws.wire.faults.clear();
  const ecs = await aws.clients.ecs();
  const services = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }));
  const canary = aws.targetGroups[1];
  return {
    result,
    times,
    cancelledAt,
    of: <K extends NewEvent['kind']>(kind: K) =>
      told.filter((event): event is Extract<NewEvent, { kind: K }> => event.kind === kind),
    canaryShare: await shareOnRule(await aws.clients.elasticLoadBalancing(), aws.rule, canary),
    failedOnCanary: aws.tallies.get(canary)?.failed ?? 0,
    deploymentConfiguration: services.services?.[0]?.deploymentConfiguration,
  };
}

describe('a good release', () => {
  test('goes through every step to 100% and leaves nothing of the rollout on the service', async () => {
    const story = await rollOutVersion2({});
    expect(story.result).toMatchObject({ outcome: 'deployed', canaryPercent: 100 });
    expect(story.canaryShare).toBe(100);
    expect(story.of('step-started').map(({ percent }) => percent)).toEqual([10, 30, 60, 90, 100]);
    expect(story.of('step-passed').map(({ percent }) => percent)).toEqual([0, 10, 30, 60, 90]);
    expect(story.deploymentConfiguration).toMatchObject({ strategy: 'BLUE_GREEN', lifecycleHooks: [] });
    // The old revision is still kept, and the result shows until when.
    expect(story.result.oldRevisionUntil).toBeGreaterThan(aws!.clock.now());
  });

  test('goes through any steps that ECS supports', async () => {
    const { result, of } = await rollOutVersion2({}, { steps: [5, 100], rate: 60 });
    expect(result.outcome).toBe('deployed');
    expect(of('step-started').map(({ percent }) => percent)).toEqual([5, 100]);
  });
});

describe('a release that fails 8% of its requests', () => {
  test('is rolled back at 10%, verified, with a reason in words', async () => {
    const story = await rollOutVersion2({ errorRate: 0.08 });
    expect(story.result).toMatchObject({ outcome: 'rolled-back', canaryPercent: 0 });
    expect(story.canaryShare).toBe(0);
    expect(story.of('step-started').map(({ percent }) => percent)).toEqual([10]);
    expect(story.of('rollback-requested')).toEqual([
      expect.objectContaining({ cause: 'judge', percent: 10 }),
    ]);
    expect(story.result.reason).toMatch(/requests to the new revision failed/);
    expect(story.deploymentConfiguration).toMatchObject({ strategy: 'BLUE_GREEN', lifecycleHooks: [] });
  });
});

test('a release that takes twice as long is rolled back for its latency', async () => {
  const { result, of } = await rollOutVersion2({ medianSeconds: 0.1 });
  expect(result.outcome).toBe('rolled-back');
  expect(of('rollback-requested')[0]?.cause).toBe('judge');
  expect(result.reason).toMatch(/longer/);
});

test('a release that exits at start is rolled back without a single user request', async () => {
  const story = await rollOutVersion2({ exitsAfter: 2 * SECOND });
  expect(story.result.outcome).toBe('rolled-back');
  expect(story.of('rollback-requested')[0]?.cause).toBe('health');
  expect(story.result.reason).toContain('exit code 1');
  expect(aws!.tallies.get(aws!.targetGroups[1])).toBeUndefined();
  expect(story.of('diagnosed')[0]?.stoppedTasks.length).toBeGreaterThan(0);
});

test('a release that never becomes healthy is rolled back at the start timeout', async () => {
  const { result, of } = await rollOutVersion2({ healthy: false });
  expect(result.outcome).toBe('rolled-back');
  expect(['start', 'health']).toContain(of('rollback-requested')[0]?.cause);
});

test('without enough requests, there is no verdict and the deadline rolls back', async () => {
  const { result, of } = await rollOutVersion2({ errorRate: 0 }, { rate: 1 });
  expect(result.outcome).toBe('rolled-back');
  expect(of('rollback-requested')[0]).toMatchObject({ cause: 'deadline', percent: 10 });
});

test('a cancelled job rolls back at once', async () => {
  const { result, canaryShare } = await rollOutVersion2({}, { cancelAt: 30 });
  expect(result).toMatchObject({ outcome: 'rolled-back', reason: 'The job was cancelled (SIGTERM).' });
  expect(canaryShare).toBe(0);
});

test('an internal error rolls back whatever on-cancel is', async () => {
  const { result, canaryShare, of } = await rollOutVersion2(
    {},
    { cancelAt: 30, cancelWith: new TypeError('x is not a function'), different: { onCancel: 'leave' } },
  );
  expect(result).toMatchObject({
    outcome: 'rolled-back',
    reason: 'An internal error of ecs-ramp: x is not a function.',
  });
  expect(of('rollback-requested')[0]).toMatchObject({ cause: 'problem' });
  expect(canaryShare).toBe(0);
});

describe('a session that ends in the middle of the rollout', () => {
  const lasts = 25 * MINUTE;

  test('is reported at once with what ECS will do, and ECS does it', async () => {
    const { result, of, deploymentConfiguration } = await rollOutVersion2(
      {},
      { session: { lasts, told: false } },
    );
    expect(result).toMatchObject({ outcome: 'dirty', canaryPercent: null });
    expect(result.reason).toMatch(/AWS could no longer be read: AWS did not accept the credentials/);
    const [, at] = /ECS rolls back by itself at (\S+), when its pause ends/.exec(result.reason)!;
    const { message } = of('notice').find(({ level }) => level === 'warning')!;
    expect(message).toContain('no longer accepts the credentials of this job');
    expect(message).toContain(at!);
    // After its pause ends, but soon.
    expect(deploymentConfiguration).toMatchObject({ strategy: 'LINEAR' });
    const { clients, clock } = aws!;
    await clock.advance(Date.parse(at!) - clock.now() + 2 * MINUTE);
    expect(await shareOnRule(await clients.elasticLoadBalancing(), aws!.rule, aws!.targetGroups[1])).toBe(0);
  });

  test('is rolled back while the rollback can still be followed, if the end is known', async () => {
    const { result, of, canaryShare, deploymentConfiguration } = await rollOutVersion2(
      {},
      { session: { lasts, told: true } },
    );
    expect(result).toMatchObject({ outcome: 'rolled-back', canaryPercent: 0 });
    expect(result.reason).toMatch(
      /^The credentials expire at .*with role-to-assume, the credentials are renewed/,
    );
    expect(of('rollback-requested')[0]).toMatchObject({ cause: 'problem' });
    expect(canaryShare).toBe(0);
    expect(deploymentConfiguration).toMatchObject({ strategy: 'BLUE_GREEN', lifecycleHooks: [] });
  });
});

test('a cancelled job does not call AWS too often when it does not answer', async () => {
  await rollOutVersion2(
    {},
    {
      cancelAt: 10,
      faultsWhenCancelled: [
        { service: 'ecs', operation: 'DescribeServiceDeployments', error: 'ServerException', status: 500 },
      ],
    },
  );
  const reads = aws!.wire.calls.filter(({ operation }) => operation === 'DescribeServiceDeployments');
  const failed = reads.filter(({ status }) => status === 500);
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.length).toBeLessThan(100);
});

/** How long after `at` ECS received a call. */
function answeredAfter(at: number): number {
  const told = aws!.wire.calls.find(
    (call) => call.at >= at && /^(Stop|Continue)ServiceDeployment$/.test(call.operation),
  );
  return (told?.at ?? Infinity) - at;
}

describe('while ECS accepts changes but no reads', () => {
  const unreadable = {
    service: 'ecs',
    operation: 'DescribeServiceDeployments',
    error: 'ServerException',
    status: 500,
  };

  test('a cancelled job requests a rollback within some seconds and follows it afterwards', async () => {
    const story = await rollOutVersion2(
      {},
      { cancelAt: 10, faultsWhenCancelled: [{ ...unreadable, times: 60 }] },
    );
    expect(story.result).toMatchObject({
      outcome: 'rolled-back',
      reason: 'The job was cancelled (SIGTERM).',
    });
    expect(answeredAfter(story.cancelledAt)).toBeLessThan(10 * SECOND);
    expect(story.canaryShare).toBe(0);
  });

  test('an answer that never arrives does not delay a cancelled job', async () => {
    const story = await rollOutVersion2(
      {},
      {
        cancelAt: 10,
        faultsWhenCancelled: [
          { service: 'ecs', operation: 'DescribeServiceDeployments', delay: 4 * MINUTE, times: 1 },
        ],
      },
    );
    expect(story.result.outcome).toBe('rolled-back');
    expect(answeredAfter(story.cancelledAt)).toBeLessThan(10 * SECOND);
  });

  test('the judge rolls back a release that fails', async () => {
    const { of, result } = await rollOutVersion2(
      { errorRate: 0.3 },
      { faultsAtStep: [{ ...unreadable, times: 100_000 }] },
    );
    expect(of('rollback-requested')[0]).toMatchObject({ cause: 'judge', percent: 10 });
    expect(result).toMatchObject({ outcome: 'dirty' });
    expect(result.reason).toContain('A rollback was requested before');
  });
});

test('the log is never silent for longer than 30 s', async () => {
  const { times } = await rollOutVersion2({});
  const silences = times.slice(1).map((at, index) => at - times[index]!);
  expect(Math.max(...silences)).toBeLessThanOrEqual(30 * SECOND);
});

test('the log is never silent, however long AWS takes to answer', async () => {
  const { times } = await rollOutVersion2(
    { exitsAfter: 2 * SECOND },
    {
      faults: [
        {
          service: 'elastic-load-balancing-v2',
          operation: 'DescribeTargetHealth',
          delay: 50 * SECOND,
          times: 2,
        },
      ],
    },
  );
  const silences = times.slice(1).map((at, index) => at - times[index]!);
  expect(Math.max(...silences)).toBeLessThanOrEqual(30 * SECOND);
});

test('the judge rolls back even if the health of the targets cannot be read', async () => {
  const failing = { error: 'ServerException', status: 500, times: 10_000, after: 100 };
  const { result, of } = await rollOutVersion2(
    { errorRate: 0.08 },
    { faults: [{ service: 'elastic-load-balancing-v2', operation: 'DescribeTargetHealth', ...failing }] },
  );
  expect(of('rollback-requested')[0]?.cause).toBe('judge');
  expect(result.reason).toMatch(/requests to the new revision failed/);
});

test('a start that ECS accepts but that cannot be followed is dirty', async () => {
  const story = await rollOutVersion2(
    {},
    {
      faults: [
        {
          service: 'ecs',
          operation: 'DescribeServiceRevisions',
          error: 'AccessDeniedException',
          times: 1_000,
        },
      ],
    },
  );
  expect(story.result.outcome).toBe('dirty');
  expect(story.result.reason).toMatch(/ecs-ramp cannot follow it: AWS denied ecs:DescribeServiceRevisions/);
});

test('temporary faults of AWS, at the start and during the steps, do not change the outcome', async () => {
  const passing = { error: 'ServerException', status: 500, times: 3 };
  const { result } = await rollOutVersion2(
    {},
    {
      faults: [
        { service: 'ecs', operation: 'ListServiceDeployments', after: 1, ...passing },
        { service: 'ecs', operation: 'DescribeServiceDeployments', after: 40, ...passing },
        { service: 'ecs', operation: 'ContinueServiceDeployment', after: 2, ...passing },
        { service: 'elastic-load-balancing-v2', operation: 'DescribeRules', after: 60, ...passing },
        { service: 'cloudwatch', operation: 'GetMetricData', after: 4, ...passing },
      ],
    },
  );
  expect(result.outcome).toBe('deployed');
});

test('when AWS denies the call to continue, it rolls back at once', async () => {
  const { result, of, canaryShare } = await rollOutVersion2(
    {},
    {
      faults: [
        {
          service: 'ecs',
          operation: 'ContinueServiceDeployment',
          error: 'AccessDeniedException',
          times: 1_000,
          after: 1,
        },
      ],
    },
  );
  expect(result.outcome).toBe('rolled-back');
  expect(of('rollback-requested')[0]).toMatchObject({ cause: 'problem', percent: 10 });
  expect(result.reason).toContain('allow ecs:ContinueServiceDeployment');
  expect(of('step-passed').map(({ percent }) => percent)).toEqual([0]);
  expect(canaryShare).toBe(0);
});

const byRevision = (metric: string) => ({
  namespace: 'Shop',
  metric,
  dimensions: { Revision: '{revision}' },
});

test('a custom metric by revision rolls back faults that the load balancer does not see', async () => {
  const own = {
    name: 'failed checkouts',
    kind: 'counts',
    bad: [byRevision('Failed')],
    total: [byRevision('All')],
  } as const;
  const { result } = await rollOutVersion2(
    {},
    {
      different: { metrics: [own] },
      everyMinute: (aws) => void publishCheckouts(aws),
    },
  );
  expect(result.outcome).toBe('rolled-back');
  expect(result.reason).toMatch(/^Failed checkouts: \d+ of \d+ .*on the new revision/);
});

/** Revision 2 fails a third of its checkouts, revision 1 one of a hundred. */
async function publishCheckouts(aws: SimulatedAws): Promise<void> {
  const cloudWatch = await aws.clients.cloudWatch();
  const counts = [
    ['1', 'Failed', 2],
    ['1', 'All', 200],
    ['2', 'Failed', 10],
    ['2', 'All', 30],
  ] as const;
  await cloudWatch.send(
    new PutMetricDataCommand({
      Namespace: 'Shop',
      MetricData: counts.map(([Value, MetricName, count]) => ({
        MetricName,
        Value: count,
        Timestamp: new Date(aws.clock.now()),
        Dimensions: [{ Name: 'Revision', Value }],
      })),
    }),
  );
}

test('when CloudWatch refuses to count slow requests, percentiles are compared and a notice says so', async () => {
  const { of, result } = await rollOutVersion2(
    { medianSeconds: 0.2 },
    {
      faults: [
        { service: 'cloudwatch', operation: 'GetMetricData', error: 'ValidationError', after: 1, times: 1 },
      ],
    },
  );
  expect(of('notice').map(({ message }) => message)).toEqual([expect.stringContaining('percentiles')]);
  expect(result.outcome).toBe('rolled-back');
  expect(result.reason).toMatch(/^The new revision's p\d\d was over 1.2 times the old one's/);
});
