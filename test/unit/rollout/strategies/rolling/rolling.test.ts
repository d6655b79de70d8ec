import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { identify } from '../../../../../src/core/run.ts';
import { rollBackRelease } from '../../../../../src/commands/rollback/rollback.ts';
import { MINUTE, SECOND, type Milliseconds } from '../../../../../src/core/time/clock.ts';
import { rollbackRequest } from '../../../../support/deployed-sandbox.ts';
import { rolloutRequest } from '../../../../support/rollout-request.ts';
import type { SimulatedAws } from '../../../../support/simulated-aws.ts';
import {
  createRollingService,
  LEAST_RESOURCES,
  NEW_IMAGE,
  releaseRolling,
  runningOf,
  type RollingOptions,
} from '../../../../support/simulated-rolling.ts';
import { createSimulatedWorker, FAILED_ORDERS, WORKER } from '../../../../support/simulated-worker.ts';

jest.setTimeout(60_000);

let aws: SimulatedAws | null = null;
afterEach(async () => {
  await aws?.close();
  aws = null;
});

async function release(options: RollingOptions = {}) {
  aws = await createRollingService(options);
  return releaseRolling(aws, options);
}

const version2 = (behaviour: object) => ({ versions: { [NEW_IMAGE]: behaviour } });
const kinds = (events: readonly { readonly kind: string }[]) => events.map(({ kind }) => kind);

describe('a rolling update', () => {
  test('replaces every task, is watched once more, and leaves the service as it was configured', async () => {
    const { outcome, reason, events, running, service } = await release();
    expect({ outcome, reason }).toEqual({
      outcome: 'deployed',
      reason: 'All tasks of the service run the new revision.',
    });
    expect(running).toEqual({ 2: 4 });
    expect(service.deploymentConfiguration).toMatchObject(LEAST_RESOURCES);
    expect(service.tags ?? []).toEqual([]);
    const step = events.findLast(({ kind }) => kind === 'step-started')!;
    const end = events.at(-1)!;
    // bake-time and the delay of the metrics of its last minute.
    expect(end.at - step.at).toBeGreaterThanOrEqual(7 * MINUTE - 10 * SECOND);
    expect(end.at - step.at).toBeLessThan(8 * MINUTE);
  });

  test.each([
    { percentages: LEAST_RESOURCES, least: 2, most: 4 },
    {
      percentages: { strategy: 'ROLLING', minimumHealthyPercent: 100, maximumPercent: 200 } as const,
      least: 4,
      most: 8,
    },
  ])(
    'keeps $least to $most of four tasks, as the service is configured',
    async ({ percentages, least, most }) => {
      const healthy: number[] = [];
      const { outcome } = await release({
        deploymentConfiguration: percentages,
        watch: (number) => healthy.push(number),
      });
      expect(outcome).toBe('deployed');
      expect(Math.min(...healthy)).toBeGreaterThanOrEqual(least);
      expect(Math.max(...healthy)).toBeLessThanOrEqual(most);
    },
  );

  test('does not mention a canary: the log is about tasks and both revisions together', async () => {
    const { log, summary } = await release();
    expect(log).toMatch(
      /plan: ECS replaces the tasks in batches, keeping at least 50% and at most 100% of them, within 30m; no canary\n.*then a final bake time of 7m/,
    );
    expect(log).toMatch(
      /warning: .*without a canary: both revisions are in one target group.*revisions are not compared/,
    );
    expect(log).toMatch(/if this run stops responding, ECS completes the deployment by itself/);
    expect(log).toMatch(/both revisions: [\d,]+ requests, \d+ failed/);
    expect(log).toMatch(/100% of the tasks run the new revision/);
    expect(summary).toMatch(/is deployed: .* runs in all tasks/);
    expect(summary).toMatch(/### Both revisions together/);
    expect(summary).toMatch(/without a canary/);
    expect(`${log}${summary}`).not.toMatch(
      /production traffic|listener rule|against stable|stable:|goes to the new revision/i,
    );
  });
});

describe('it is rolled back', () => {
  test('in one call while it runs: the new tasks crash', async () => {
    const { outcome, reason, running, events, service } = await release(version2({ exitsAfter: 3 * SECOND }));
    expect(outcome).toBe('rolled-back');
    expect(reason).toMatch(/tasks of the new revision stopped because a container exited/);
    expect(running).toEqual({ 1: 4 });
    expect(service.taskDefinition).toMatch(/:1$/);
    expect(kinds(events)).toContain('diagnosed');
  });

  test('because both revisions together fail more than max-error-rate', async () => {
    const { outcome, reason, running, summary } = await release(version2({ errorRate: 0.5 }));
    expect(outcome).toBe('rolled-back');
    expect(reason).toMatch(
      /requests to both revisions failed .* the limit is 5%: .* if both revisions together are over the limit/,
    );
    expect(running).toEqual({ 1: 4 });
    expect(summary).toMatch(/web is back on web:1: rolled back with \d+% of the tasks new/);
    expect(summary).toMatch(/Evidence that a limit is exceeded/);
    expect(summary).not.toMatch(/to the new revision failed|rolled back at/);
  });

  test('by another deployment, when it turns bad in the last bake time', async () => {
    let isBad = false;
    aws = await createRollingService({
      behaviourNow: ({ image, behaviour }) =>
        isBad && image === NEW_IMAGE ? { ...behaviour, errorRate: 0.5 } : behaviour,
    });
    const { clock } = aws;
    const turn = clock.after(4 * MINUTE, () => (isBad = true));
    const { outcome, running, events, service } = await releaseRolling(aws);
    turn();
    expect(events.some((event) => event.kind === 'step-started' && event.percent === 100)).toBe(true);
    expect(outcome).toBe('rolled-back');
    expect(running).toEqual({ 1: 4 });
    expect(service.taskDefinition).toMatch(/:1$/);
    expect(service.deploymentConfiguration).toMatchObject(LEAST_RESOURCES);
  });

  test.each([20 * SECOND, 5 * MINUTE])('when the job is cancelled after %d ms', async (cancelAt) => {
    const { outcome, reason, running } = await release({ cancelAt });
    expect({ outcome, reason }).toEqual({
      outcome: 'rolled-back',
      reason: 'The job was cancelled (SIGTERM).',
    });
    expect(running).toEqual({ 1: 4 });
  });

  test('at once when the job is cancelled, although ECS answers no read', async () => {
    aws = await createRollingService({});
    const { clock, wire } = aws;
    const reads = [
      'DescribeServices',
      'DescribeServiceDeployments',
      'DescribeServiceRevisions',
      'ListServiceDeployments',
      'ListTasks',
      'DescribeTasks',
    ];
    let stopped = false;
    const afterStart = clock.after(45 * SECOND, () =>
      wire.faults.add(
        reads.map((operation) => ({
          service: 'ecs',
          operation,
          error: 'ServerException',
          status: 500,
          times: 1e6,
        })),
      ),
    );
    const later = clock.after(90 * SECOND, () => {
      stopped = wire.calls.some(({ operation }) => operation === 'StopServiceDeployment');
      wire.faults.clear();
    });
    const { outcome, running } = await releaseRolling(aws, { cancelAt: 30 * SECOND });
    afterStart();
    later();
    expect({ stopped, outcome, running }).toEqual({
      stopped: true,
      outcome: 'rolled-back',
      running: { 1: 4 },
    });
  });

  test('when it is not complete within the step-timeout', async () => {
    const { outcome, reason, running } = await releaseWithout(UNREADABLE, 7 * MINUTE);
    expect(outcome).toBe('rolled-back');
    expect(reason).toMatch(
      /The rolling update was not complete within 6m: \d new and \d old tasks are running/,
    );
    expect(running).toEqual({ 1: 4 });
  });

  test('when there is no room for its tasks within the capacity-timeout, which is not its fault', async () => {
    const { outcome, reason, running } = await releaseWithout(FULL, 12 * MINUTE);
    expect(outcome).toBe('rolled-back');
    expect(reason).toMatch(
      /^This is not the fault of the release: ECS found no room for the new tasks within 10m/,
    );
    expect(running).toEqual({ 1: 4 });
  });
});

test('it waits for room without using up its step-timeout', async () => {
  const { outcome, running } = await releaseWithout(FULL, 8 * MINUTE);
  expect(outcome).toBe('deployed');
  expect(running).toEqual({ 2: 4 });
});

const FULL = 'no container instance met all of its requirements';
const UNREADABLE = 'ResourceInitializationError: unable to pull secrets or registry auth';

/** Releases while ECS cannot place another task for `length`, for this reason. */
async function releaseWithout(reason: string, length: Milliseconds): ReturnType<typeof releaseRolling> {
  let obstacle: string | null = null;
  aws = await createRollingService({ timing: { whyNoPlace: () => obstacle } });
  aws.clock.after(8 * SECOND, () => (obstacle = reason));
  aws.clock.after(8 * SECOND + length, () => (obstacle = null));
  return releaseRolling(aws, {
    rollout: { stepTimeout: 6 * MINUTE, capacityTimeout: 10 * MINUTE, bakeTime: MINUTE },
  });
}

test('the usual error rate of a service does not roll a release back, and twice the usual rate does', async () => {
  const usual = { errorRate: 0.2 };
  const good = await release({ versions: { v1: usual, [NEW_IMAGE]: usual } });
  expect(good.log).toMatch(
    /In the hour before the rollout, the median error rate was (19|20|21)(\.\d)?%, more than max-error-rate \(5%\): the limit for this release is (38|39|40|41|42)/,
  );
  expect(good.outcome).toBe('deployed');
  await aws!.close();
  const bad = await release({ versions: { v1: usual, [NEW_IMAGE]: { errorRate: 0.7 } } });
  expect(bad.outcome).toBe('rolled-back');
});

test('a bad release does not raise the limit for the next one', async () => {
  const first = await release(version2({ errorRate: 0.5 }));
  expect(first.outcome).toBe('rolled-back');
  const second = await releaseRolling(aws!);
  expect(second.outcome).toBe('rolled-back');
});

test('with on-cancel: leave, it reports that ECS continues', async () => {
  const { outcome, reason } = await release({ cancelAt: 20 * SECOND, rollout: { onCancel: 'leave' } });
  expect(outcome).toBe('dirty');
  expect(reason).toMatch(/% of the tasks, and ECS continues the rolling update by itself/);
});

describe('a job that is run again', () => {
  test('continues the update', async () => {
    aws = await createRollingService({});
    const left = await releaseRolling(aws, { cancelAt: 5 * SECOND, rollout: { onCancel: 'leave' } });
    expect(left.outcome).toBe('dirty');
    const { outcome, events, running } = await releaseRolling(aws);
    expect(outcome).toBe('deployed');
    expect(events.find(({ kind }) => kind === 'rollout-started')).toMatchObject({ adopted: true });
    expect(running).toEqual({ 2: 4 });
  });

  test('continues an unfinished last bake time and rolls back', async () => {
    aws = await createRollingService(version2({ errorRate: 0.4 }));
    const left = await releaseRolling(aws, { cancelAt: MINUTE, rollout: { onCancel: 'leave' } });
    expect(left.running).toEqual({ 2: 4 });
    const { outcome, events, running } = await releaseRolling(aws);
    expect(events.find(({ kind }) => kind === 'rollout-started')).toMatchObject({ adopted: true });
    expect(outcome).toBe('rolled-back');
    expect(running).toEqual({ 1: 4 });
  });

  test('after the last bake time finds nothing to do', async () => {
    const first = await release();
    expect(first.outcome).toBe('deployed');
    const { outcome, reason } = await releaseRolling(aws!);
    expect(outcome).toBe('unchanged');
    expect(reason).toMatch(/already runs this release/);
  });
});

test('it watches the target group that contains the tasks, even after a traffic shift changed it', async () => {
  aws = await createRollingService({
    ...version2({ errorRate: 0.5 }),
    shifting: true,
    deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 },
  });
  const { bystander, register, clock, targetGroups } = aws;
  const ecs = await bystander.ecs();
  const web = { cluster: 'shop', service: 'web' };
  await ecs.send(new UpdateServiceCommand({ ...web, taskDefinition: await register('v1') }));
  await clock.advance(10 * MINUTE);
  await ecs.send(new UpdateServiceCommand({ ...web, deploymentConfiguration: LEAST_RESOURCES }));
  expect(aws.loadBalancing.health(targetGroups[1])).toHaveLength(4);
  const { outcome, events, running } = await releaseRolling(aws);
  expect(outcome).toBe('rolled-back');
  expect(events.find(({ kind }) => kind === 'rollback-requested')).toMatchObject({ cause: 'judge' });
  expect(running).toEqual({ 2: 4 });
});

describe('with custom counts by revision', () => {
  test.each([
    { share: 0.1, ends: 'rolled-back', left: { 1: 4 } },
    { share: 0.001, ends: 'deployed', left: { 2: 4 } },
  ])('the revisions are compared: $ends', async ({ share, ends, left }) => {
    aws = await createRollingService({ rate: 0 });
    const worker = await aws.until(createSimulatedWorker(aws, { desiredCount: 4, failing: { 2: share } }));
    await aws.clock.advance(10 * MINUTE);
    const { outcome, log, summary, running } = await releaseRolling(aws, {
      place: WORKER,
      rollout: { metrics: [FAILED_ORDERS] },
    });
    worker.close();
    expect(outcome).toBe(ends);
    expect(running).toEqual(left);
    expect(log).toMatch(
      /without a canary: it has no load balancer\. Metrics that are compared between the revisions: failed orders\./,
    );
    expect(log).toMatch(/messages to the new revision failed/);
    expect(summary).not.toMatch(/Both revisions together|production traffic|listener rule/);
  });
});

test('the rollback action also returns to the previous release with a rolling update', async () => {
  const { outcome } = await release();
  expect(outcome).toBe('deployed');
  const { clients, clock, until } = aws!;
  const result = await until(
    rollBackRelease(rollbackRequest({ rollout: rolloutRequest({ strategy: 'rolling' }) }), {
      clients,
      clock,
      run: identify({ ECS_RAMP_CLAIM_WAIT: '1' }),
      cancelled: new AbortController().signal,
      by: 'Anna',
      tell() {},
    }),
  );
  expect(result).toMatchObject({ outcome: 'deployed', canary: expect.stringMatching(/:1$/) });
  expect(await runningOf(aws!)).toEqual({ 1: 4 });
});
