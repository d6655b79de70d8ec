// Releases of other kinds of services and by other means, all at once on services of one sandbox:
// several services, the command line, instances, workers and histories.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateServiceCommand, DescribeTasksCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Backtest } from '../../src/commands/backtest/model.ts';
import { isDeploying, openLane, serviceNamed, type Lane } from '../deaths/lane.ts';
import { callProcess, type EndedProcess } from '../support/command-line.ts';
import { QUICK } from '../support/quick.ts';
import { expectOutcome, openLiveSandbox, type RunResult, type LiveSandbox } from '../support/live-sandbox.ts';
import { createScaledInstances, INSTANCE_CPU, type ScaledInstances } from '../support/scaled-instances.ts';
import { createVirtualTerminal } from '../unit/cli/virtual-terminal.ts';

jest.setTimeout(300_000);

/** Length of a history that can be judged, including the time for latency thresholds. */
const HISTORY = 60_000;

/** The AWS identity of the person who approves or aborts. */
const WHO = 'arn:aws:sts::123456789012:assumed-role/sandbox/session';

let sandbox: LiveSandbox;
let lanes: readonly Lane[] = [];
let instances: ScaledInstances | undefined;
let began: number;
let playing: Playing;

/** The running releases. */
interface Playing {
  readonly several: Promise<RunResult>;
  readonly approved: Promise<Answered>;
  readonly aborted: Promise<Answered>;
  readonly onInstances: Promise<RunResult>;
  readonly worker: Promise<RunResult>;
  readonly badWorker: Promise<RunResult>;
}

/** A release by the command line, and another command that approved or aborted it. */
interface Answered {
  readonly release: EndedProcess;
  readonly answer: EndedProcess;
}

beforeAll(async () => {
  sandbox = await openLiveSandbox(['web', 'worker'], {
    healthyAfter: 5_000,
    launchTime: 5_000,
    managedScalingInterval: 1_000,
  });
  began = performance.now();
  await Promise.all([
    spoil('web/server.js', [
      [
        "return { status: 200, body: 'ok' };",
        "$& if (request.url === '/lane-2') return { status: 500, body: '' };",
      ],
    ]),
    spoil('worker/worker.js', [
      ['const took = 400', 'const took = 40'],
      ['Math.random() < 0.08', 'Math.random() < 0.5'],
    ]),
  ]);
  const image = sandbox
    .run({ action: 'build', commit: 'second' })
    .then(({ outputs }) => outputs['image'] ?? '');
  const serving = Promise.all([
    ...[1, 2, 3, 4].map((number) => openLane(sandbox, number)),
    createScaledInstances(sandbox, { maximum: 2 }).then((created) => {
      instances = created;
      const { capacityProvider } = created;
      return openLane(sandbox, 5, { capacityProvider, cpu: INSTANCE_CPU / 2 });
    }),
  ]);
  const onLanes = <T>(release: (image: string) => Promise<T>) =>
    Promise.all([image, serving]).then(([built]) => release(built));
  playing = {
    several: onLanes((image) =>
      sandbox.run({
        action: 'deploy',
        inputs: { service: 'lane-1, lane-2', image, parallel: 'true', steps: '50,100' },
      }),
    ),
    approved: onLanes((image) => answered('lane-3', image, { by: ['continue', '--step', '50'] })),
    aborted: onLanes((image) =>
      answered('lane-4', image, { by: ['abort', '--reason', 'totals are wrong'], terminal: true }),
    ),
    onInstances: onLanes((image) =>
      sandbox.run({ action: 'deploy', inputs: { service: 'lane-5', image, steps: '50,100' } }),
    ),
    worker: releaseWorker('worker', 'none'),
    badWorker: openWorker('worker-2').then(() => releaseWorker('worker-2', 'errors')),
  };
  // Separate tests report the failures.
  await Promise.allSettled(Object.values(playing));
  lanes = await serving;
});
afterAll(async () => {
  await Promise.all(lanes.map((lane) => lane.close()));
  instances?.close();
  await sandbox?.close();
});

async function spoil(file: string, changes: readonly (readonly [string, string])[]): Promise<void> {
  const path = join(sandbox.workspace, file);
  const text = await readFile(path, 'utf8');
  await writeFile(
    path,
    changes.reduce((spoilt, [from, to]) => {
      if (!spoilt.includes(from)) throw new Error(`${file} has no ${from}.`);
      return spoilt.replace(from, to);
    }, text),
  );
}

const onCommandLine = (inputs: object) =>
  Object.entries(inputs).flatMap(([name, value]) => [`--${name}`, String(value)]);

/** Releases with a gate at 50%, and answers it with another command. */
async function answered(
  service: string,
  image: string,
  { by: [command = '', ...more], terminal = false }: { by: readonly string[]; terminal?: boolean },
): Promise<Answered> {
  const { environment } = sandbox;
  const place = ['--service', service, '--cluster', 'shop'];
  const gate = { image, steps: '50,100', gates: '50 approval 1m' };
  const release = callProcess(['deploy', ...place, ...onCommandLine({ ...QUICK, ...gate })], {
    environment: { ...environment, GIT_COMMIT: 'c'.repeat(40), TMPDIR: join(sandbox.workspace, service) },
    terminal,
  });
  await release.untilPrinted('ecs-ramp continue');
  const answer = await callProcess([command, ...place, ...more], { environment }).done;
  return { release: await release.done, answer };
}

/** Creates another service like `worker`. */
async function openWorker(name: string): Promise<void> {
  const { taskDefinition, networkConfiguration } = await serviceNamed(sandbox, 'worker');
  const like = { taskDefinition, networkConfiguration, desiredCount: 2, launchType: 'FARGATE' } as const;
  await sandbox.aws.ecs.send(new CreateServiceCommand({ cluster: 'shop', serviceName: name, ...like }));
  while (await isDeploying(sandbox, name)) await sleep(500);
}

const orders = (name: string) => `Shop/Worker/${name}{Revision={revision}}`;

async function releaseWorker(service: string, fault: 'none' | 'errors'): Promise<RunResult> {
  return sandbox.run({
    service,
    commit: `worker-${fault}`,
    inputs: {
      repository: 'shop/worker',
      context: 'worker',
      'environment-variables': `FAULT=${fault}`,
      metrics: `failed orders = ${orders('OrdersFailed')} of ${orders('Orders')}`,
      // The worker publishes its metrics every ten seconds.
      'metric-period': '10s',
    },
  });
}

/** The task definitions of the service's tasks. */
async function running(service: string): Promise<ReadonlySet<string | undefined>> {
  const { ecs } = sandbox.aws;
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster: 'shop', serviceName: service }));
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster: 'shop', tasks: taskArns }));
  return new Set(tasks.map(({ taskDefinitionArn }) => taskDefinitionArn));
}

describe('several services from one image', () => {
  test('get one revision, and only the service that fails with it is rolled back', async () => {
    const { exitCode, outputs, log } = await playing.several;
    const results: Readonly<Record<string, Readonly<Record<string, string>>>> = JSON.parse(
      outputs['results'] ?? '{}',
    );
    expectOutcome({ outputs: results['lane-1']!, log }, 'deployed');
    const revision = outputs['task-definition-arn'];
    expect(exitCode).toBe(1);
    expect(outputs['outcome']).toBe('rolled-back');
    expect(results).toMatchObject({
      'lane-1': { outcome: 'deployed', 'task-definition-arn': revision },
      'lane-2': { outcome: 'rolled-back', 'task-definition-arn': revision },
    });
    expect(results['lane-2']!['reason']).toContain('requests to the new revision failed');
    const pages = await Promise.all(lanes.slice(0, 2).map(async ({ url }) => (await fetch(url)).text()));
    expect(pages).toEqual([expect.stringContaining('Release second'), expect.stringContaining('Release 1')]);
  });
});

describe('a service on the dynamic ports of instances that are full', () => {
  test('is released when its capacity provider has added an instance', async () => {
    const finished = await playing.onInstances;
    expectOutcome(finished, 'deployed');
    expect(await instances?.size()).toBe(2);
    expect(await (await fetch(lanes[4]!.url)).text()).toContain('Release second');
    const { loadBalancers } = await serviceNamed(sandbox, 'lane-5');
    const { targetGroupArn, advancedConfiguration } = loadBalancers![0]!;
    const groups = [targetGroupArn, advancedConfiguration!.alternateTargetGroupArn];
    const targets = await Promise.all(
      groups.map(async (TargetGroupArn) => {
        const { elb } = sandbox.aws;
        const health = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
        return health.TargetHealthDescriptions!;
      }),
    );
    const healthy = targets.flat().filter(({ TargetHealth }) => TargetHealth!.State === 'healthy');
    expect(healthy).toHaveLength(2);
    for (const { Target } of healthy) expect(Target!.Id).toMatch(/^i-/);
    expect(new Set(healthy.map(({ Target }) => Target!.Port)).size).toBe(2);
  });
});

describe('the command line', () => {
  test('prints lines to a pipe, and passes a gate that another process approves', async () => {
    const { release, answer } = await playing.approved;
    expect(answer).toMatchObject({ code: 0, stderr: '' });
    expect({ code: release.code, stderr: release.stderr }).toEqual({ code: 0, stderr: '' });
    expect(release.stdout).toContain(`approved by ${WHO}`);
    expect(release.stdout).toMatch(/outcome: deployed/);
    expect(release.stdout).not.toContain('\u001B');
  });

  test('redraws its screen in a terminal until another process aborts, and ends with the outcome', async () => {
    const { release, answer } = await playing.aborted;
    expect(answer).toMatchObject({ code: 0, stderr: '' });
    expect(release.code).toBe(3);
    const terminal = createVirtualTerminal({ columns: 80, rows: 24 });
    terminal.write(release.stdout);
    // Only one screen remains, with permanent lines above it and the outcome below.
    expect(terminal.lines.filter((line) => line.startsWith('── '))).toHaveLength(1);
    const [, end = ''] = terminal.lines.join('\n').split('\n── ');
    expect(end).toMatch(/outcome: rolled-back/);
    expect(end).toContain(`Aborted by ${WHO}: totals are wrong.`);
  });
});

describe('a worker', () => {
  test('that is good by its own metrics gets all of the work', async () => {
    const finished = await playing.worker;
    expectOutcome(finished, 'deployed');
    const { exitCode, outputs, events } = finished;
    expect(exitCode).toBe(0);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'step-started', percent: 50 }));
    expect(await running('worker')).toEqual(new Set([outputs['task-definition-arn']]));
  });

  test('that fails orders is rolled back by its metrics, and the service keeps its settings', async () => {
    const { exitCode, outputs } = await playing.badWorker;
    expect({ exitCode, outcome: outputs['outcome'] }).toEqual({ exitCode: 1, outcome: 'rolled-back' });
    expect(outputs['reason']).toMatch(/of \d+ messages .* failed/);
    expect(await running('worker-2')).toEqual(new Set([outputs['previous-task-definition-arn']]));
    const { deploymentConfiguration } = await serviceNamed(sandbox, 'worker-2');
    expect(deploymentConfiguration).toMatchObject({ strategy: 'ROLLING', lifecycleHooks: [] });
  });
});

describe('the history of a service that has users', () => {
  const history = '--cluster shop --from 40s --metric-period 5s --length 20s --step-timeout 20s'.split(' ');

  test('is read from CloudWatch and used for simulated rollouts', async () => {
    await sleep(Math.max(0, began + HISTORY - performance.now()));
    const { code, stdout, stderr } = await callProcess(
      ['judge', '--service', 'web', ...history, '--rollouts', '200', '--warm-up', '5s'],
      { environment: sandbox.environment },
    ).done;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const replay: Backtest = JSON.parse(stdout);
    expect(replay.traffic.requestsPerMinute).toBeGreaterThan(3_000);
    expect(replay.traffic.requestsPerMinute).toBeLessThan(9_000);
    expect(replay.traffic.latency).toBe(true);
    expect(replay.rolledBackForNothing.atLeast).toBeLessThan(0.01);
    expect(replay.faults.at(-1)).toMatchObject({ errorRate: 0.5, found: 40, rollouts: 40 });
  });

  test('of a missing service is refused in one line', async () => {
    const { code, stdout, stderr } = await callProcess(['judge', '--service', 'wbe', ...history], {
      environment: sandbox.environment,
    }).done;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^service: cluster "shop" in region \S+ has no service "wbe". Its services: .*web.*\.\n$/,
    );
  });
});
