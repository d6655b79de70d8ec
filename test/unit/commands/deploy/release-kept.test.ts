// The old revision that a release keeps is released again: the traffic moves back with one call.
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { afterEach, expect, jest, test } from '@jest/globals';
import { planOf } from '../../../../src/report/plan.ts';
import { outputs } from '../../../../src/report/outputs.ts';
import { renderSummary } from '../../../../src/report/summary.ts';
import type { Request } from '../../../../src/core/request.ts';
import { HOUR, MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { finishRelease } from '../../../../src/commands/run/finish-rollback.ts';
import { identify } from '../../../../src/core/run.ts';
import { shareOnRule } from '../../../../src/rollout/strategies/canary/listener-rule.ts';
import { createTrail } from '../../../../src/core/trail/trail.ts';
import { openDeployedSandbox, type DeployedSandbox } from '../../../support/deployed-sandbox.ts';
import { releaseJob } from '../../../support/release-job.ts';
import { rolloutRequest } from '../../../support/rollout-request.ts';

jest.setTimeout(120_000);

let sandbox: DeployedSandbox;
afterEach(() => sandbox?.close());

const V1 = '1'.repeat(40);
const V2 = '2'.repeat(40);
const image = (tag: string) =>
  ({ kind: 'given', reference: `registry.example.com/shop/web:${tag}` }) as const;
const source = (commit: string | null, different: Partial<Request['source']> = {}): Request['source'] => ({
  commit,
  repositoryUrl: 'https://github.com/shop/web',
  committedAt: null,
  runUrl: null,
  actor: 'kim',
  ...different,
});
const steps = [10, 30, 60, 90, 100];
const ROLLOUT = rolloutRequest({ steps, keepOld: HOUR });
const ancestry = async (one: string) => ({
  relation: one === V1 ? ('older' as const) : ('newer' as const),
  says: 'git',
});
const SENT = /^(Update|Register|Continue|Stop)/;

const BUILT: Request['image'] = {
  kind: 'build',
  context: '/nowhere',
  file: '/nowhere/Dockerfile',
  target: null,
  buildArgs: {},
  buildSecrets: {},
  labels: {},
  platforms: [],
  cacheFrom: [],
  reuse: false,
  tags: [V1],
  push: { repository: 'shop/web', registry: null, username: null, password: null },
};

/** V1 is live and released by ecs-ramp, then V2, whose job has ended: V1 is still kept. */
async function v2KeepsV1(): Promise<void> {
  sandbox = await openDeployedSandbox({ firstImage: 'registry.example.com/shop/web:v0' });
  const quick = rolloutRequest({ steps: [100], keepOld: 0 });
  await releaseJob(sandbox, { image: image('v1'), source: source(V1), rollout: quick });
  const { end } = await releaseJob(sandbox, {
    image: image('v2'),
    source: source(V2),
    rollout: { ...quick, keepOld: HOUR },
  });
  expect(end.outcome).toBe('deployed');
  await sandbox.clock.advance(MINUTE);
}

const release = (different: Partial<Request>) =>
  releaseJob(sandbox, { rollout: ROLLOUT, ...different }, { ancestry });

async function isOnV1(): Promise<boolean> {
  const { clients, rule, targetGroups, bystander } = sandbox;
  const share = await shareOnRule(await clients.elasticLoadBalancing(), rule, targetGroups[1]);
  const ecs = await bystander.ecs();
  const command = new DescribeServicesCommand({ cluster: 'shop', services: ['web'], include: ['TAGS'] });
  const { tags = [], deploymentConfiguration } = (await ecs.send(command)).services![0]!;
  expect({ tags, hooks: deploymentConfiguration?.lifecycleHooks }).toEqual({ tags: [], hooks: [] });
  return share === 100;
}

test.each([
  ['its image', { image: image('v1'), source: source(null) }],
  ['its commit, on purpose', { image: BUILT, source: source(V1, { meant: 'started by hand' }) }],
  ['its commit, in another attempt of its run', { image: BUILT, source: source(V1, { attempt: 2 }) }],
])('%s: traffic moves within seconds, without a build or a new task definition', async (_, different) => {
  await v2KeepsV1();
  const { end, calls, events } = await release(different);
  expect(end).toMatchObject({ outcome: 'deployed', canaryPercent: 100 });
  expect(end.reason).toBe(
    'web:2 (commit 1111111, by kim) serves again instead of web:3 (commit 2222222, by kim) (verified). Kim released it again while its tasks were still kept.',
  );
  expect(calls.filter((name) => SENT.test(name))).toEqual(['StopServiceDeployment']);
  const moved = events.find((event) => event.kind === 'notice' && event.message.includes('again,'))!;
  const asked = events.find(({ kind }) => kind === 'rollback-requested')!;
  expect(moved.at - asked.at).toBeLessThan(15 * SECOND);
  expect(await isOnV1()).toBe(true);
});

test('the report says that it went back to the old revision', async () => {
  await v2KeepsV1();
  const { events } = await release({ image: image('v1'), source: source(null) });
  expect(renderSummary(events)).toContain('## ↩️ web is back on web:2 (commit 1111111, by kim)');
  const files = { eventsFile: '', summaryFile: '', recordingFile: '' };
  expect(outputs(events, files)).toMatchObject({
    outcome: 'deployed',
    image: image('v1').reference,
    'task-definition-arn': expect.stringMatching(/:2$/),
    'previous-task-definition-arn': expect.stringMatching(/:3$/),
  });
});

test('a dry run says so and changes nothing', async () => {
  await v2KeepsV1();
  const { events, calls } = await release({ image: image('v1'), dryRun: true });
  const { possible, image: planned, taskDefinition } = planOf(events);
  expect({ possible, planned }).toEqual({ possible: true, planned: image('v1').reference });
  expect(taskDefinition?.changes.map(({ after }) => after)).toEqual([image('v1').reference]);
  expect(renderSummary(events)).toContain('## ✅ Dry run: web would be rolled back to web:2');
  expect(calls.filter((name) => SENT.test(name))).toEqual([]);
});

test('an older commit is refused, as in any release, unless it is meant', async () => {
  await v2KeepsV1();
  const { end, calls } = await release({ image: BUILT, source: source(V1) });
  expect(end).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('The live release is newer'),
  });
  expect(calls.filter((name) => SENT.test(name))).toEqual([]);
});

test('the same image with other settings is another release, which takes all steps', async () => {
  await v2KeepsV1();
  const taskDefinition = {
    file: null,
    containerName: null,
    environmentVariables: { LOG_LEVEL: 'debug' },
    secrets: {},
    forbid: [],
  };
  const { end, events } = await release({ image: image('v1'), taskDefinition });
  expect(end.outcome).toBe('deployed');
  expect(events.flatMap((event) => (event.kind === 'step-started' ? [event.percent] : []))).toEqual(steps);
});

test('a killed job that had asked for the way back is finished by its post step', async () => {
  await v2KeepsV1();
  const { clients, clock, until } = sandbox;
  const killed = await release({ image: image('v1'), dryRun: true });
  const trail = createTrail({ clock, file: null });
  for (const event of killed.events) if (event.kind !== 'finished') trail.tell(event);
  trail.tell({ kind: 'rollback-requested', percent: 100, cause: 'request', reason: 'kim released it again' });
  const request = { service: 'web', cluster: 'shop', rollout: ROLLOUT, source: source(null), dryRun: false };
  await until(finishRelease(trail, request, { clients, clock, run: identify({}) }));
  expect(trail.events.at(-1)).toMatchObject({ kind: 'finished', outcome: 'deployed' });
  expect(await isOnV1()).toBe(true);
});
