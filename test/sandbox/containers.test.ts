import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createContainers } from '../../sandbox/containers/containers.ts';
import { startEngine, type Engine } from '../../sandbox/engine/engine.ts';
import type { ContainerToRun, TaskEnd, TaskPlacement, TaskRunner, TaskToRun } from '../../sandbox/ports.ts';
import { importBusybox } from '../support/base-image.ts';

const PREFIX = `ecs-test-${process.pid}`;
const IMAGE = `${PREFIX}-busybox:1`;

// Starting and stopping containers takes several seconds on a busy machine.
jest.setTimeout(60_000);

let engine: Engine;
let runner: TaskRunner;
const lines: { group: string; stream: string; at: number; message: string }[] = [];

beforeAll(async () => {
  engine = await startEngine();
  importBusybox(IMAGE);
});

afterAll(async () => {
  await engine.docker.getImage(IMAGE).remove();
  await engine.close();
});

const create = (credentialsFor: Parameters<typeof createContainers>[0]['credentialsFor'] = () => null) =>
  createContainers({
    dockerHost: engine.dockerHost,
    logs: { append: (group, stream, at, message) => lines.push({ group, stream, at, message }) },
    credentialsFor,
    namePrefix: PREFIX,
  });

beforeEach(() => {
  runner = create();
  lines.length = 0;
});

afterEach(() => runner.close());

/** @param script the command of the container's shell */
function container(script: string, more: Partial<ContainerToRun> = {}): ContainerToRun {
  return {
    name: 'app',
    image: IMAGE,
    essential: true,
    command: [script],
    entryPoint: ['/bin/sh', '-c'],
    environment: {},
    portMappings: [],
    cpu: null,
    memory: 64,
    stopTimeout: 2_000,
    log: null,
    ...more,
  };
}

const answering = (text: string) =>
  container(`echo ${text} > /index.html; exec /bin/busybox httpd -f -p 8080 -h /`, {
    portMappings: [{ containerPort: 8080, hostPort: null }],
  });

let tasks = 0;

/** Starts a task and returns its reports as promises. */
function start(containers: ContainerToRun[], more: Partial<TaskToRun> = {}) {
  tasks += 1;
  const task: TaskToRun = {
    taskArn: `arn:aws:ecs:eu-west-1:123456789012:task/main/${String(tasks).padEnd(32, '0')}`,
    family: 'web',
    revision: 7,
    networkMode: 'awsvpc',
    instanceId: null,
    containers,
    ...more,
  };
  const running = Promise.withResolvers<TaskPlacement>();
  const stopped = Promise.withResolvers<TaskEnd>();
  const digests = new Map<string, string>();
  runner.start(task, {
    pulled: (name, digest) => void digests.set(name, digest),
    running: running.resolve,
    stopped(end) {
      stopped.resolve(end);
      running.reject(new Error(end.reason));
    },
  });
  running.promise.catch(() => {});
  return { task, digests, running: running.promise, stopped: stopped.promise };
}

const hostPort = (placement: TaskPlacement) => placement.ports[0]?.hostPort ?? 0;

/** Retries, because httpd starts shortly after its container. */
async function fetchSoon(url: string): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return (await (await fetch(url)).text()).trim();
    } catch (error) {
      if (attempt === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

describe('a task', () => {
  test('with awsvpc has its own address, which its containers share', async () => {
    const sidecar = container('exec /bin/busybox httpd -f -p 8081 -h /', { name: 'sidecar' });
    const { running, digests, task, stopped } = start([answering('hello'), sidecar]);
    const { address } = await running;
    expect(address).not.toBe('127.0.0.1');
    expect(await fetchSoon(`http://${address}:8080/index.html`)).toBe('hello');
    await fetchSoon(`http://${address}:8081/`);
    expect([...digests]).toEqual([
      ['app', expect.stringMatching(/^sha256:[0-9a-f]{64}$/)],
      ['sidecar', expect.stringMatching(/^sha256:[0-9a-f]{64}$/)],
    ]);
    runner.stop(task.taskArn);
    expect(await stopped).toMatchObject({ containers: [{ name: 'app' }, { name: 'sidecar' }] });
  });

  test('in bridge mode is published on a free port of the host', async () => {
    const first = start([answering('one')], { networkMode: 'bridge' });
    const second = start([answering('two')], { networkMode: 'bridge' });
    const [one, two] = [await first.running, await second.running];
    expect(hostPort(one)).not.toBe(hostPort(two));
    expect(await fetchSoon(`http://127.0.0.1:${hostPort(one)}/index.html`)).toBe('one');
    expect(await fetchSoon(`http://127.0.0.1:${hostPort(two)}/index.html`)).toBe('two');
  });

  test('gets its task ARN and revision from the metadata endpoint, as in ECS', async () => {
    const ask = '/bin/busybox wget -qO /index.html "$ECS_CONTAINER_METADATA_URI_V4/task"';
    const { task, running } = start([
      container(`${ask}; exec /bin/busybox httpd -f -p 8080 -h /`, {
        portMappings: [{ containerPort: 8080, hostPort: null }],
      }),
    ]);
    const { address } = await running;
    expect(JSON.parse(await fetchSoon(`http://${address}:8080/index.html`))).toEqual({
      Cluster: 'main',
      TaskARN: task.taskArn,
      Family: 'web',
      Revision: '7',
    });
  });

  test('gets its environment, and its output is logged with timestamps', async () => {
    const before = Date.now();
    const { stopped } = start([
      container('echo "$GREETING"; echo oops >&2; exit 3', {
        environment: { GREETING: 'a=b c' },
        log: { group: '/ecs/web', stream: 'app/1' },
      }),
    ]);
    expect(await stopped).toEqual({
      reason: 'Essential container in task exited',
      stopCode: 'EssentialContainerExited',
      containers: [{ name: 'app', exitCode: 3, reason: null }],
    });
    expect(lines.map((line) => line.message).sort()).toEqual(['a=b c', 'oops']);
    for (const { group, stream, at } of lines) {
      expect({ group, stream }).toEqual({ group: '/ecs/web', stream: 'app/1' });
      expect(Math.abs(at - before)).toBeLessThan(30_000);
    }
  });

  test('continues when a non-essential container ends', async () => {
    const { running, stopped, task } = start([
      answering('still here'),
      container('exit 0', { name: 'init', essential: false }),
    ]);
    const { address } = await running;
    expect(await fetchSoon(`http://${address}:8080/index.html`)).toBe('still here');
    runner.stop(task.taskArn);
    expect((await stopped).containers).toContainEqual({ name: 'init', exitCode: 0, reason: null });
  });

  test('that ends before all containers run is reported as exited, not as failed to start', async () => {
    const { stopped } = start([
      container('sleep 60', { name: 'sidecar', essential: false }),
      container('exit 1'),
    ]);
    expect(await stopped).toMatchObject({
      reason: 'Essential container in task exited',
      containers: [{ name: 'sidecar' }, { name: 'app', exitCode: 1 }],
    });
  });

  test('gets SIGTERM and, if it does not end, SIGKILL', async () => {
    const polite = start([container('trap "echo bye; exit 0" TERM; while :; do sleep 0.1; done')]);
    const deaf = start([container('trap "" TERM; while :; do sleep 0.1; done', { stopTimeout: 1_000 })]);
    await Promise.all([polite.running, deaf.running]);
    runner.stop(polite.task.taskArn);
    runner.stop(deaf.task.taskArn);
    runner.stop(deaf.task.taskArn);
    expect((await polite.stopped).containers[0]?.exitCode).toBe(0);
    expect((await deaf.stopped).containers[0]?.exitCode).toBe(137);
  });

  test('that exceeds its memory limit is reported as out of memory', async () => {
    const { stopped } = start([container('x=$(seq 1 100000000)', { memory: 16 })]);
    expect((await stopped).containers).toEqual([
      { name: 'app', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
    ]);
  });

  test.each([
    ['a missing image', { image: '127.0.0.1:1/none:1' }, /^CannotPullContainerError: .*127\.0\.0\.1:1/],
    ['a missing command', { entryPoint: ['/bin/nothing'] }, /^CannotStartContainerError: .*\/bin\/nothing/],
  ])('with %s never runs', async (_, more, reason) => {
    const { stopped, running } = start([container('sleep 60', more)]);
    expect(await stopped).toMatchObject({
      stopCode: 'TaskFailedToStart',
      reason: expect.stringMatching(reason),
    });
    await expect(running).rejects.toThrow();
  });
});

describe('no container is left behind', () => {
  const filters = { label: [`ecs-ramp.sandbox=${PREFIX}`] };
  const containers = () => engine.docker.listContainers({ all: true, filters });

  test('when a task has stopped', async () => {
    const { running, stopped, task } = start([container('sleep 60')]);
    await running;
    runner.stop(task.taskArn);
    await stopped;
    expect(await containers()).toEqual([]);
  });

  test('when the runner is closed while tasks run or start', async () => {
    await start([container('trap "" TERM; sleep 60')]).running;
    start([container('sleep 60')]);
    await runner.close();
    expect(await containers()).toEqual([]);
    expect(await engine.docker.listNetworks({ filters })).toEqual([]);
  });

  test('by an earlier run that was killed, after the next run has started', async () => {
    await start([container('sleep 60')]).running;
    const [old] = await containers();
    runner = create();
    await start([container('sleep 60')]).running;
    expect((await containers()).map(({ Id }) => Id)).not.toContain(old?.Id);
  });
});
