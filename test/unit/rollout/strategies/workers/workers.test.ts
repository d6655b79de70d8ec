import { afterEach, expect, jest, test } from '@jest/globals';
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { Behaviour } from '../../../../../sandbox/simulated/behaviour.ts';
import { connectRollout } from '../../../../../src/rollout/connect.ts';
import type { RolloutRequest } from '../../../../../src/core/request.ts';
import { createLease } from '../../../../../src/aws/lease/lease.ts';
import { identify } from '../../../../../src/core/run.ts';
import { preflight } from '../../../../../src/rollout/preflight/preflight.ts';
import { reconcileServices } from '../../../../../src/commands/reconcile/reconcile.ts';
import { rollBackRelease } from '../../../../../src/commands/rollback/rollback.ts';
import { rollOut } from '../../../../../src/rollout/rollout.ts';
import type { RolloutResult } from '../../../../../src/rollout/result.ts';
import { MINUTE, SECOND } from '../../../../../src/core/time/clock.ts';
import type { NewEvent } from '../../../../../src/core/trail/event.ts';
import { rollbackRequest } from '../../../../support/deployed-sandbox.ts';
import { selectFrom, type EventsOfKind } from '../../../../support/recorded-events.ts';
import { rolloutRequest } from '../../../../support/rollout-request.ts';
import {
  createSimulatedAws,
  type SimulatedAws,
  type SimulatedAwsOptions,
} from '../../../../support/simulated-aws.ts';
import {
  createSimulatedWorker,
  FAILED_ORDERS,
  OWN_CONFIGURATION,
  WORKER,
  type SimulatedWorker,
  type WorkerOptions,
} from '../../../../support/simulated-worker.ts';

jest.setTimeout(120_000);

let aws: SimulatedAws | null = null;
let worker: SimulatedWorker | null = null;
afterEach(async () => {
  worker?.close();
  await aws?.close();
  aws = worker = null;
});

interface Options extends WorkerOptions {
  /** How the tasks of version 2 behave. Default: healthy, without crashes. */
  readonly behaviour?: Partial<Behaviour>;
  /** The options of the rollout that differ from the defaults of the action. */
  readonly request?: Partial<RolloutRequest>;
  readonly timing?: SimulatedAwsOptions['timing'];
  /** The job is cancelled after the first event for which this is true. */
  readonly cancelAfter?: (event: NewEvent) => boolean;
  /** The runner dies, without another call to AWS, after the first event for which this is true. */
  readonly dieAfter?: (event: NewEvent) => boolean;
  readonly onStep?: (aws: SimulatedAws) => Promise<unknown>;
}

interface Story {
  /** `null` when the runner died. */
  readonly result: RolloutResult | null;
  readonly eventsOfKind: EventsOfKind<NewEvent>;
}

/** Rolls out version 2 of the worker with a custom metric on a virtual clock, like the action. */
async function rollOutVersion2(options: Options = {}): Promise<Story> {
  aws = await createSimulatedAws({
    versions: { v2: options.behaviour ?? {} },
    rate: 0,
    ...(options.timing && { timing: options.timing }),
  });
  const { clock, clients } = aws;
  worker = await aws.until(createSimulatedWorker(aws, options));
  await clock.advance(10 * MINUTE);
  const taskDefinitionArn = await worker.register('v2');
  const rollout = rolloutRequest({ metrics: [FAILED_ORDERS], ...options.request });
  const service = await aws.until(preflight({ ...WORKER, rollout }, clients, { clock, tell() {} }));
  const lease = createLease({
    ecs: await clients.ecs(),
    clock,
    run: identify({}),
    service: { cluster: WORKER.cluster, name: WORKER.service },
    onConflict: 'fail',
    patience: 0,
    tell() {},
  });
  await aws.until(lease.claim(new AbortController().signal).then(() => lease.held()));
  const events: NewEvent[] = [];
  const cancel = new AbortController();
  const death = Promise.withResolvers<null>();
  let isDead = false;
  const simulated = aws;
  const mortal = {
    ...clock,
    // A dead process does not wake up.
    after: (delay: number, run: () => void) => clock.after(delay, () => isDead || run()),
  };
  const ports = await connectRollout(
    { rollout, service, release: { taskDefinitionArn }, serviceDeploymentArn: null },
    {
      clients,
      lease,
      clock: mortal,
      cancelled: cancel.signal,
      tell(event) {
        events.push(event);
        if (event.kind === 'step-started') void options.onStep?.(simulated);
        if (options.cancelAfter?.(event)) cancel.abort('SIGTERM');
        if (options.dieAfter?.(event)) {
          isDead = true;
          lease.end();
          death.resolve(null);
        }
      },
    },
  );
  const result = await aws.until(Promise.race([rollOut(rollout, ports), death.promise]));
  return { result, eventsOfKind: selectFrom(events) };
}

/**
 * The service as the user configured it: no hook of ecs-ramp and no tag except the lease, which its
 * owner removes.
 */
async function expectOwnConfiguration(): Promise<void> {
  const { deploymentConfiguration, tags = [] } = await worker!.described();
  expect(deploymentConfiguration).toMatchObject({ ...OWN_CONFIGURATION, lifecycleHooks: [] });
  expect(tags).toEqual([]);
}

/** Runs `ecs-ramp reconcile`, which must restore the worker's own settings. */
async function expectReconciled(): Promise<void> {
  const { clock, clients, until } = aws!;
  const ports = { clients, clock, run: identify({}), tell() {} };
  const request = { clusters: ['shop'], services: ['worker'], dryRun: false };
  expect(await until(reconcileServices(request, ports))).toEqual([
    expect.objectContaining({ service: 'worker', state: 'undone' }),
  ]);
}

/** Rolls back the release of the worker from another run, which records its events in `events`. */
async function rollBackWorker(
  different: Parameters<typeof rollbackRequest>[0] = {},
  events: NewEvent[] = [],
): ReturnType<typeof rollBackRelease> {
  const { clock, clients, until } = aws!;
  const ports = {
    clients,
    clock,
    run: identify({ ECS_RAMP_CLAIM_WAIT: '1' }),
    cancelled: new AbortController().signal,
    by: 'Anna',
    tell: (event: NewEvent) => void events.push(event),
  };
  return until(rollBackRelease(rollbackRequest({ service: 'worker', ...different }), ports));
}

test('a good release gets half of the work, is judged by its custom metrics, and then gets all work', async () => {
  const { result, eventsOfKind } = await rollOutVersion2();
  expect(result).toMatchObject({ outcome: 'deployed', canaryPercent: 100 });
  expect(eventsOfKind('step-started').map(({ percent }) => percent)).toEqual([50, 100]);
  expect(eventsOfKind('step-passed')).toEqual([
    expect.objectContaining({ percent: 50, because: expect.stringMatching(/messages to the new revision/) }),
  ]);
  expect(eventsOfKind('evaluated').at(-1)).toMatchObject({
    counted: 'messages',
    health: { canary: { healthyTargets: 2 } },
  });
  expect(await worker!.running()).toEqual({ 2: 2 });
  await expectOwnConfiguration();
});

test('a release that fails a tenth of its messages is rolled back, verified, with a reason in words', async () => {
  const { result, eventsOfKind } = await rollOutVersion2({ failing: { 2: 0.1 } });
  expect(result).toMatchObject({ outcome: 'rolled-back', canaryPercent: 0 });
  expect(result!.reason).toMatch(/\d+ of \d+ messages to the new revision failed \(10%\).*the old one/);
  expect(eventsOfKind('rollback-requested')).toEqual([
    expect.objectContaining({ cause: 'judge', percent: 50 }),
  ]);
  expect(await worker!.running()).toEqual({ 1: 2 });
  await expectOwnConfiguration();
});

test('a release in a crash loop never reaches its step', async () => {
  const { result, eventsOfKind } = await rollOutVersion2({ behaviour: { exitsAfter: 2 * SECOND } });
  expect(result).toMatchObject({ outcome: 'rolled-back', canaryPercent: 0 });
  expect(result!.reason).toMatch(/tasks of the new revision stopped because a container exited/);
  expect(eventsOfKind('step-started')).toEqual([]);
  expect(await worker!.running()).toEqual({ 1: 2 });
  await expectOwnConfiguration();
});

test('a release that crashes sometimes is rolled back at its step', async () => {
  const { result, eventsOfKind } = await rollOutVersion2({ behaviour: { exitsAfter: 70 * SECOND } });
  expect(result).toMatchObject({ outcome: 'rolled-back' });
  expect(eventsOfKind('rollback-requested')).toEqual([expect.objectContaining({ cause: 'health' })]);
  expect(await worker!.running()).toEqual({ 1: 2 });
});

test('without messages the step does not pass and is rolled back at its deadline', async () => {
  const { result, eventsOfKind } = await rollOutVersion2({ rate: 0 });
  expect(result).toMatchObject({ outcome: 'rolled-back' });
  expect(eventsOfKind('rollback-requested')).toEqual([expect.objectContaining({ cause: 'deadline' })]);
  await expectOwnConfiguration();
});

test('without custom metrics it passes by time and reports so', async () => {
  const { result, eventsOfKind } = await rollOutVersion2({ request: { metrics: [] } });
  expect(result).toMatchObject({ outcome: 'deployed' });
  const [passed] = eventsOfKind('step-passed');
  expect(passed!.because).toMatch(/none failed; no metric counts failures/);
  expect(passed!.took).toBeGreaterThanOrEqual(5 * MINUTE);
});

test('without custom metrics two crashes are no loop, but they prevent a pass', async () => {
  const { result, eventsOfKind } = await rollOutVersion2({
    request: { metrics: [] },
    behaviour: { exitsAfter: 4 * MINUTE },
  });
  expect(result).toMatchObject({ outcome: 'rolled-back' });
  expect(eventsOfKind('step-passed')).toEqual([]);
});

test('one task is compared with one', async () => {
  const { result } = await rollOutVersion2({ desiredCount: 1, rate: 4 });
  expect(result).toMatchObject({ outcome: 'deployed' });
  expect(await worker!.running()).toEqual({ 2: 1 });
});

test('a cancelled job removes the new tasks', async () => {
  const { result } = await rollOutVersion2({ cancelAfter: ({ kind }) => kind === 'step-started' });
  expect(result).toMatchObject({ outcome: 'rolled-back', canaryPercent: 0 });
  expect(await worker!.running()).toEqual({ 1: 2 });
  await expectOwnConfiguration();
});

test('a desired count that auto scaling changes during the rollout is kept', async () => {
  const { result } = await rollOutVersion2({
    onStep: async ({ bystander }) => {
      const ecs = await bystander.ecs();
      await ecs.send(new UpdateServiceCommand({ ...WORKER, desiredCount: 5 }));
    },
  });
  expect(result).toMatchObject({ outcome: 'deployed', canaryPercent: 100 });
  expect(await worker!.running()).toEqual({ 2: 5 });
  expect((await worker!.described()).desiredCount).toBe(5);
});

test('when ECS skips the traffic stages without a load balancer, the first pause is enough', async () => {
  const timing = { trafficStagesWithoutBalancer: 'skip' } as const;
  const { result, eventsOfKind } = await rollOutVersion2({ timing });
  expect(result).toMatchObject({ outcome: 'deployed', canaryPercent: 100 });
  expect(eventsOfKind('step-passed').map(({ percent }) => percent)).toEqual([50]);
});

/** When the runner dies. */
const DEATHS: readonly [string, (event: NewEvent) => boolean][] = [
  ['at the start of the rollout', ({ kind }) => kind === 'rollout-started'],
  ['at the start of its step', ({ kind }) => kind === 'step-started'],
  ['after a pass verdict', (event) => event.kind === 'evaluated' && event.verdict === 'pass'],
  ['between the two pauses', ({ kind }) => kind === 'step-passed'],
];

test.each(DEATHS)(
  'after a runner died %s, ECS restores the old revision, and reconcile the user’s own settings',
  async (_, dieAfter) => {
    const { result } = await rollOutVersion2({ dieAfter });
    expect(result).toBeNull();
    await aws!.clock.advance(45 * MINUTE);
    expect(await worker!.running()).toEqual({ 1: 2 });
    await expectReconciled();
    await expectOwnConfiguration();
  },
);

test('a rollback from outside removes the new tasks and cleans up', async () => {
  await rollOutVersion2({ dieAfter: ({ kind }) => kind === 'step-started' });
  const result = await rollBackWorker();
  // In the terms of a rollback: the earlier release serves.
  expect(result).toMatchObject({ outcome: 'deployed', canaryPercent: 100 });
  expect(await worker!.running()).toEqual({ 1: 2 });
  const { deploymentConfiguration } = await worker!.described();
  expect(deploymentConfiguration).toMatchObject({ ...OWN_CONFIGURATION, lifecycleHooks: [] });
});

test('a rollback after the end is a rollout of its own, with half of the work at its step', async () => {
  await rollOutVersion2();
  const events: NewEvent[] = [];
  const result = await rollBackWorker({ rollout: rolloutRequest({ metrics: [FAILED_ORDERS] }) }, events);
  expect(result).toMatchObject({ outcome: 'deployed', canaryPercent: 100 });
  expect(events).toContainEqual(expect.objectContaining({ kind: 'planned', of: 'work', steps: [50, 100] }));
  expect(events).toContainEqual(expect.objectContaining({ kind: 'step-passed', percent: 50 }));
  expect(await worker!.running()).toEqual({ 1: 2 });
  await expectOwnConfiguration();
});

test('reconcile rolls back the release of a dead runner before its pause ends', async () => {
  await rollOutVersion2({ dieAfter: ({ kind }) => kind === 'step-started' });
  await aws!.clock.advance(10 * MINUTE);
  expect(await worker!.running()).toEqual({ 1: 2, 2: 2 });
  await expectReconciled();
  expect(await worker!.running()).toEqual({ 1: 2 });
  await expectOwnConfiguration();
});
