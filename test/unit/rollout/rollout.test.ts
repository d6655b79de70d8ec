import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { call } from '../cli/calls.ts';
import { MINUTE, SECOND } from '../../../src/core/time/clock.ts';
import type { SimulatedAws } from '../../support/simulated-aws.ts';
import {
  readCanaryShare,
  rollOutVersion2 as simulateRollout,
  type RolloutOptions,
} from '../../support/roll-out-version-2.ts';

// An hour of a simulated rollout takes some seconds.
jest.setTimeout(120_000);

let aws: SimulatedAws | null = null;
afterEach(async () => {
  await aws?.close();
  aws = null;
});

const rollOutVersion2 = (options: RolloutOptions = {}) =>
  simulateRollout(options, (simulated) => (aws = simulated));

describe('a good release', () => {
  test('goes through every step to 100% and leaves nothing of the rollout on the service', async () => {
    const story = await rollOutVersion2();
    expect(story.result).toMatchObject({ outcome: 'deployed', canaryPercent: 100 });
    expect(story.canaryShare).toBe(100);
    expect(story.eventsOfKind('step-started').map(({ percent }) => percent)).toEqual([10, 30, 60, 90, 100]);
    expect(story.eventsOfKind('step-passed').map(({ percent }) => percent)).toEqual([0, 10, 30, 60, 90]);
    expect(story.deploymentConfiguration).toMatchObject({ strategy: 'BLUE_GREEN', lifecycleHooks: [] });
    // The old revision is still kept, and the result shows until when.
    expect(story.result.oldRevisionUntil).toBeGreaterThan(aws!.clock.now());
  });

  test('goes through any steps that ECS supports', async () => {
    const { result, eventsOfKind } = await rollOutVersion2({
      request: { steps: [5, 100] },
      requestsPerSecond: 60,
    });
    expect(result.outcome).toBe('deployed');
    expect(eventsOfKind('step-started').map(({ percent }) => percent)).toEqual([5, 100]);
  });
});

describe('a release that fails 8% of its requests', () => {
  test('is rolled back at 10%, verified, with a reason in words', async () => {
    const story = await rollOutVersion2({ behaviour: { errorRate: 0.08 } });
    expect(story.result).toMatchObject({ outcome: 'rolled-back', canaryPercent: 0 });
    expect(story.canaryShare).toBe(0);
    expect(story.eventsOfKind('step-started').map(({ percent }) => percent)).toEqual([10]);
    expect(story.eventsOfKind('rollback-requested')).toEqual([
      expect.objectContaining({ cause: 'judge', percent: 10 }),
    ]);
    expect(story.result.reason).toMatch(/requests to the new revision failed/);
    const { clients, clock, until } = aws!;
    const env = { AWS_REGION: 'eu-west-1' };
    const history = await until(
      call(['history', '--service', 'web', '--cluster', 'shop'], { env, clients, clock }),
    );
    expect(history.stdout).toContain(story.result.reason.slice(0, 150));
    expect(history.stdout).not.toContain('lifecycle hook');
    expect(story.deploymentConfiguration).toMatchObject({ strategy: 'BLUE_GREEN', lifecycleHooks: [] });
  });
});

test('a release that takes twice as long is rolled back for its latency', async () => {
  const { result, eventsOfKind } = await rollOutVersion2({ behaviour: { medianSeconds: 0.1 } });
  expect(result.outcome).toBe('rolled-back');
  expect(eventsOfKind('rollback-requested')[0]?.cause).toBe('judge');
  expect(result.reason).toMatch(/longer/);
});

test('a release that exits at start is rolled back without a single user request', async () => {
  const story = await rollOutVersion2({ behaviour: { exitsAfter: 2 * SECOND } });
  expect(story.result.outcome).toBe('rolled-back');
  expect(story.eventsOfKind('rollback-requested')[0]?.cause).toBe('health');
  expect(story.result.reason).toContain('exit code 1');
  expect(aws!.tallies.get(aws!.targetGroups[1])).toBeUndefined();
  expect(story.eventsOfKind('diagnosed')[0]?.stoppedTasks.length).toBeGreaterThan(0);
});

describe('the circuit breaker of the service', () => {
  const breaker = {
    enable: true,
    rollback: true,
    thresholdConfiguration: { type: 'COUNT', value: 1 },
  } as const;
  const own = { strategy: 'ROLLING', deploymentCircuitBreaker: breaker } as const;

  test('protects the rollout, and its rollback is told as that of ECS', async () => {
    const { result, eventsOfKind, deploymentConfiguration } = await rollOutVersion2({
      behaviour: { exitsAfter: SECOND },
      deploymentConfiguration: own,
    });
    const reason = 'Service deployment rolled back because the circuit breaker threshold was exceeded.';
    expect(result).toMatchObject({ outcome: 'rolled-back', reason: `ECS rolled back by itself: ${reason}` });
    expect(eventsOfKind('rollback-requested')).toMatchObject([{ cause: 'ecs', reason }]);
    expect(deploymentConfiguration).toMatchObject(own);
  });

  test('is off during the rollout when ECS refuses it, and restored afterwards', async () => {
    const { result, eventsOfKind, deploymentConfiguration } = await rollOutVersion2({
      deploymentConfiguration: own,
      breakerWithShifting: 'refuse',
    });
    expect(result.outcome).toBe('deployed');
    expect(eventsOfKind('notice')).toMatchObject([
      {
        level: 'warning',
        message:
          'ECS refused the circuit breaker of service web for this deployment. It is off during the rollout and is restored at its end.',
      },
    ]);
    expect(deploymentConfiguration).toMatchObject(own);
  });
});

test('a release that never becomes healthy is rolled back at the start timeout', async () => {
  const { result, eventsOfKind } = await rollOutVersion2({ behaviour: { healthy: false } });
  expect(result.outcome).toBe('rolled-back');
  expect(['start', 'health']).toContain(eventsOfKind('rollback-requested')[0]?.cause);
  expect(result.reason).toMatch(/health check GET \/\S* on port \d+: .*\[500\]/);
  expect(result.reason).not.toMatch(/arn:|by themselves/);
});

describe('a cluster without room for the new tasks', () => {
  const FULL = 'no container instance met all of its requirements';

  test('that gets room after 15 minutes delays the release, longer than the start timeout', async () => {
    const story = await rollOutVersion2({
      whyNoPlace: (elapsed) => (elapsed < 15 * MINUTE ? FULL : null),
      request: { startTimeout: 10 * MINUTE },
    });
    expect(story.result.outcome).toBe('deployed');
    const waits = story.eventsOfKind('waiting').map(({ what }) => what);
    expect(waits).toContainEqual(
      expect.stringMatching(/^room for the new tasks \(0 of 2 .*no container instance met all/),
    );
    const [started] = story.eventsOfKind('rollout-started');
    const wait = story.eventsOfKind('waiting').find(({ what }) => what.startsWith('room for'))!;
    expect(started).toBeDefined();
    // The limit of this wait is capacity-timeout, from when ECS first found no room.
    expect(wait.until! - wait.since).toBeGreaterThan(29 * MINUTE);
  });

  test('that never gets room ends the release, which was not tried and is not blamed', async () => {
    const { result, eventsOfKind, canaryShare } = await rollOutVersion2({
      whyNoPlace: () => FULL,
      request: { capacityTimeout: 20 * MINUTE },
    });
    expect(eventsOfKind('rollback-requested')).toEqual([
      expect.objectContaining({ cause: 'capacity', percent: 0 }),
    ]);
    expect(result.outcome).toBe('failed');
    expect(result.reason).toMatch(
      /^The release was not tried: ECS found no room for the new tasks within 20m \(0 of 2 are running\)\. ECS .*no container instance met all of its requirements\.$/,
    );
    expect(canaryShare).toBe(0);
  });

  test('does not extend the time that placed tasks have to become healthy', async () => {
    const { eventsOfKind } = await rollOutVersion2({
      behaviour: { healthy: false, exitsAfter: Infinity },
      whyNoPlace: (elapsed) => (elapsed < 15 * MINUTE ? FULL : null),
      request: { startTimeout: 5 * MINUTE },
    });
    expect(['start', 'health']).toContain(eventsOfKind('rollback-requested')[0]?.cause);
  });
});

test('without enough requests, there is no verdict and the deadline rolls back', async () => {
  const { result, eventsOfKind } = await rollOutVersion2({
    behaviour: { errorRate: 0 },
    requestsPerSecond: 1,
  });
  expect(result.outcome).toBe('rolled-back');
  expect(eventsOfKind('rollback-requested')[0]).toMatchObject({ cause: 'deadline', percent: 10 });
});

test('a cancelled job rolls back at once', async () => {
  const { result, canaryShare } = await rollOutVersion2({ cancelAtPercent: 30 });
  expect(result).toMatchObject({ outcome: 'rolled-back', reason: 'The job was cancelled (SIGTERM).' });
  expect(canaryShare).toBe(0);
});

test('an internal error rolls back whatever on-cancel is', async () => {
  const { result, canaryShare, eventsOfKind } = await rollOutVersion2({
    cancelAtPercent: 30,
    cancelReason: new TypeError('x is not a function'),
    request: { onCancel: 'leave' },
  });
  expect(result).toMatchObject({
    outcome: 'rolled-back',
    reason: 'An internal error of ecs-ramp: x is not a function.',
  });
  expect(eventsOfKind('rollback-requested')[0]).toMatchObject({ cause: 'problem' });
  expect(canaryShare).toBe(0);
});

describe('a session that ends in the middle of the rollout', () => {
  const lastFor = 25 * MINUTE;

  test('is reported at once with what ECS will do, and ECS does it', async () => {
    const { result, eventsOfKind, deploymentConfiguration } = await rollOutVersion2({
      credentials: { lastFor, isEndKnown: false },
    });
    expect(result).toMatchObject({ outcome: 'dirty', canaryPercent: null });
    expect(result.reason).toMatch(/AWS could no longer be read: AWS did not accept the credentials/);
    const [, at] = /ECS rolls back by itself at (\S+), when its pause ends/.exec(result.reason)!;
    expect(result.reason).toContain('because another run may have taken over the service');
    expect(eventsOfKind('step-started').at(-1)?.deadline).toBe(Date.parse(at!));
    const { message } = eventsOfKind('notice').find(({ level }) => level === 'warning')!;
    expect(message).toContain('no longer accepts the credentials of this job');
    expect(message).toContain(at!);
    // After its pause ends, but soon.
    expect(deploymentConfiguration).toMatchObject({ strategy: 'LINEAR' });
    const { clock } = aws!;
    await clock.advance(Date.parse(at!) - clock.now() + 2 * MINUTE);
    expect(await readCanaryShare(aws!)).toBe(0);
  });

  test('is rolled back while the rollback can still be followed, if the end is known', async () => {
    const { result, eventsOfKind, canaryShare, deploymentConfiguration } = await rollOutVersion2({
      credentials: { lastFor, isEndKnown: true },
    });
    expect(result).toMatchObject({ outcome: 'rolled-back', canaryPercent: 0 });
    expect(result.reason).toMatch(
      /^The credentials expire at .*with role-to-assume, the credentials are renewed/,
    );
    expect(eventsOfKind('rollback-requested')[0]).toMatchObject({ cause: 'problem' });
    expect(canaryShare).toBe(0);
    expect(deploymentConfiguration).toMatchObject({ strategy: 'BLUE_GREEN', lifecycleHooks: [] });
  });
});

const unreadable = {
  service: 'ecs',
  operation: 'DescribeServiceDeployments',
  error: 'ServerException',
  status: 500,
};

const READS = [
  'DescribeServiceDeployments',
  'ListServiceDeployments',
  'DescribeServiceRevisions',
  'DescribeServices',
  'ListTasks',
  'DescribeTasks',
];

test('a cancelled job does not call AWS too often when it does not answer', async () => {
  await rollOutVersion2({
    cancelAtPercent: 10,
    faultsFromCancellation: [unreadable],
  });
  const reads = aws!.wire.calls.filter(({ operation }) => operation === 'DescribeServiceDeployments');
  const failed = reads.filter(({ status }) => status === 500);
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.length).toBeLessThan(100);
});

/** How long after `at` ECS received the first call that continues or stops the deployment. */
function answeredAfter(at: number): number {
  const answer = aws!.wire.calls.find(
    (call) => call.at >= at && /^(Stop|Continue)ServiceDeployment$/.test(call.operation),
  );
  return (answer?.at ?? Infinity) - at;
}

describe('while ECS accepts changes but no reads', () => {
  test('a cancelled job requests a rollback within some seconds and follows it afterwards', async () => {
    const story = await rollOutVersion2({
      cancelAtPercent: 10,
      faultsFromCancellation: [{ ...unreadable, times: 60 }],
    });
    expect(story.result).toMatchObject({
      outcome: 'rolled-back',
      reason: 'The job was cancelled (SIGTERM).',
    });
    expect(answeredAfter(story.cancelledAt)).toBeLessThan(10 * SECOND);
    expect(story.canaryShare).toBe(0);
  });

  test('an answer that never arrives does not delay a cancelled job', async () => {
    const story = await rollOutVersion2({
      cancelAtPercent: 10,
      faultsFromCancellation: [
        { service: 'ecs', operation: 'DescribeServiceDeployments', delay: 4 * MINUTE, times: 1 },
      ],
    });
    expect(story.result.outcome).toBe('rolled-back');
    expect(answeredAfter(story.cancelledAt)).toBeLessThan(10 * SECOND);
  });

  test('the judge rolls back a release that fails', async () => {
    const { eventsOfKind, result } = await rollOutVersion2({
      behaviour: { errorRate: 0.3 },
      faultsFrom10Percent: [{ ...unreadable, times: 100_000 }],
    });
    expect(eventsOfKind('rollback-requested')[0]).toMatchObject({ cause: 'judge', percent: 10 });
    expect(result).toMatchObject({ outcome: 'dirty' });
    expect(result.reason).toContain('A rollback was requested before: ');
  });

  const noReads = READS.map((operation) => ({ ...unreadable, operation, times: 100_000 }));

  test('the end says that ECS did not refuse a rollback, and what happens without it', async () => {
    const { result } = await rollOutVersion2({ faultsFrom10Percent: noReads });
    expect(result.reason).toMatch(
      /^AWS could no longer be read: .* The rollout was last seen at 10% \(.*\)\. ECS rolls back by itself at \S+, when its pause ends\. ECS did not refuse a last request to roll back, but nothing shows yet whether it takes effect\.$/,
    );
  });

  test('the end says that AWS refused the rollback, and what ECS does by itself', async () => {
    const denied = { service: 'ecs', error: 'AccessDeniedException', times: 100_000 };
    const { result } = await rollOutVersion2({
      faultsFrom10Percent: [
        ...noReads,
        { ...denied, operation: 'StopServiceDeployment' },
        { ...denied, operation: 'ContinueServiceDeployment' },
      ],
    });
    expect(result.reason).toMatch(
      /ECS rolls back by itself at \S+, when its pause ends\. AWS refused a last request to roll back\.$/,
    );
  });
});

describe('a job that AWS does not answer at all', () => {
  const noAnswer = { service: '*', operation: '*', drop: 'before', times: 100_000 };

  test('ends without a rollback, which might be that of another run', async () => {
    const { result } = await rollOutVersion2({ faultsFrom10Percent: [noAnswer] });
    expect(result.reason).toMatch(
      /ECS rolls back by itself at \S+, when its pause ends\. This run did not roll back, because another run may have taken over the service while this one could not read its run tag\. If one has, that run decides instead\.$/,
    );
  });

  test('does not claim that ECS accepted the rollback of a cancelled job', async () => {
    const { result } = await rollOutVersion2({ cancelAtPercent: 10, faultsFromCancellation: [noAnswer] });
    expect(result.reason).toContain(
      'A rollback was requested before, but nothing shows that ECS accepted it: ',
    );
  });
});

const longestPause = (times: readonly number[]) =>
  Math.max(...times.slice(1).map((at, index) => at - times[index]!));

test('the log is never silent for longer than 30 s', async () => {
  const { eventTimes } = await rollOutVersion2();
  expect(longestPause(eventTimes)).toBeLessThanOrEqual(30 * SECOND);
});

test('the log is never silent, however long AWS takes to answer', async () => {
  const { eventTimes } = await rollOutVersion2({
    behaviour: { exitsAfter: 2 * SECOND },
    faultsFromStart: [
      {
        service: 'elastic-load-balancing-v2',
        operation: 'DescribeTargetHealth',
        delay: 50 * SECOND,
        times: 2,
      },
    ],
  });
  expect(longestPause(eventTimes)).toBeLessThanOrEqual(30 * SECOND);
});

test('the judge rolls back even if the health of the targets cannot be read', async () => {
  const failing = { error: 'ServerException', status: 500, times: 10_000, after: 100 };
  const { result, eventsOfKind } = await rollOutVersion2({
    behaviour: { errorRate: 0.08 },
    faultsFromStart: [
      { service: 'elastic-load-balancing-v2', operation: 'DescribeTargetHealth', ...failing },
    ],
  });
  expect(eventsOfKind('rollback-requested')[0]?.cause).toBe('judge');
  expect(result.reason).toMatch(/requests to the new revision failed/);
});

test('a start that ECS accepts but that cannot be followed is dirty', async () => {
  const story = await rollOutVersion2({
    faultsFromStart: [
      { service: 'ecs', operation: 'DescribeServiceRevisions', error: 'AccessDeniedException', times: 1_000 },
    ],
  });
  expect(story.result.outcome).toBe('dirty');
  expect(story.result.reason).toMatch(/ecs-ramp cannot follow it: AWS denied ecs:DescribeServiceRevisions/);
});

test('temporary faults of AWS, at the start and during the steps, do not change the outcome', async () => {
  const passing = { error: 'ServerException', status: 500, times: 3 };
  const { result } = await rollOutVersion2({
    faultsFromStart: [
      { service: 'ecs', operation: 'ListServiceDeployments', after: 1, ...passing },
      { service: 'ecs', operation: 'DescribeServiceDeployments', after: 40, ...passing },
      { service: 'ecs', operation: 'ContinueServiceDeployment', after: 2, ...passing },
      { service: 'elastic-load-balancing-v2', operation: 'DescribeRules', after: 60, ...passing },
      { service: 'cloudwatch', operation: 'GetMetricData', after: 4, ...passing },
    ],
  });
  expect(result.outcome).toBe('deployed');
});

test('when AWS denies the call to continue, it rolls back at once', async () => {
  const { result, eventsOfKind, canaryShare } = await rollOutVersion2({
    faultsFromStart: [
      {
        service: 'ecs',
        operation: 'ContinueServiceDeployment',
        error: 'AccessDeniedException',
        times: 1_000,
        after: 1,
      },
    ],
  });
  expect(result.outcome).toBe('rolled-back');
  expect(eventsOfKind('rollback-requested')[0]).toMatchObject({ cause: 'problem', percent: 10 });
  expect(result.reason).toContain('allow ecs:ContinueServiceDeployment');
  expect(eventsOfKind('step-passed').map(({ percent }) => percent)).toEqual([0]);
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
  const { result } = await rollOutVersion2({
    request: { metrics: [own] },
    everyMinute: (aws) => void publishCheckouts(aws),
  });
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
  const { eventsOfKind, result } = await rollOutVersion2({
    behaviour: { medianSeconds: 0.2 },
    faultsFromStart: [
      { service: 'cloudwatch', operation: 'GetMetricData', error: 'ValidationError', after: 1, times: 1 },
    ],
  });
  expect(eventsOfKind('notice').map(({ message }) => message)).toEqual([
    expect.stringContaining('percentiles'),
  ]);
  expect(result.outcome).toBe('rolled-back');
  expect(result.reason).toMatch(/^The new revision's p\d\d was over 1.2 times the old one's/);
});
