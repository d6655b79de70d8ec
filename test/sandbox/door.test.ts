import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRepositoryCommand, ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { CreateClusterCommand, ECSClient } from '@aws-sdk/client-ecs';
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEngine } from '../../sandbox/engine/engine.ts';
import type { Engine } from '../../sandbox/engine/engine.ts';
import { processesWith } from '../../sandbox/processes.ts';

let folder: string;
let engine: Engine;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecs-ramp-door-'));
  engine = await startEngine();
}, 90_000);
afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

/** Starts the program that script/sandbox runs. */
function start(parameters: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { AWS_PROFILE: _, ...inherited } = process.env;
  const program = spawn(process.execPath, ['sandbox/main.ts', '--dir', folder, ...parameters], {
    env: { ...inherited, DOCKER_HOST: engine.dockerHost, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors = text(program.stderr);
  const lines = createInterface({ input: program.stdout });
  const exit = once(program, 'exit');
  return {
    async ready(): Promise<Record<string, string>> {
      const variables: Record<string, string> = {};
      for await (const line of lines) {
        const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? [];
        if (name !== undefined && value !== undefined) variables[name] = value;
        if (line === 'ready') return variables;
      }
      throw new Error(await errors);
    },
    async ended(signal?: NodeJS.Signals): Promise<{ code: unknown; errors: string }> {
      if (signal) program.kill(signal);
      lines.resume();
      const [code]: unknown[] = await exit;
      return { code, errors: await errors };
    },
  };
}

const registries = async () =>
  (
    await Promise.all(
      ['run-1', 'run-2'].map((run) => processesWith(join(folder, run, 'registry/config.json'))),
    )
  ).flat();

describe('script/sandbox', () => {
  test('prints how to reach every service, and leaves nothing behind after ctrl-C', async () => {
    const environmentFile = join(folder, 'environment');
    const sandbox = start(['--port', '0', '--env', environmentFile]);
    const variables = await sandbox.ready();
    expect(await readFile(environmentFile, 'utf8')).toContain(
      `export AWS_ENDPOINT_URL=${variables['AWS_ENDPOINT_URL']}\n`,
    );
    await rm(environmentFile);
    const configuration = {
      endpoint: variables['AWS_ENDPOINT_URL'] ?? '',
      region: variables['AWS_REGION'] ?? '',
      credentials: {
        accessKeyId: variables['AWS_ACCESS_KEY_ID'] ?? '',
        secretAccessKey: variables['AWS_SECRET_ACCESS_KEY'] ?? '',
      },
    };
    const [{ repository }] = await Promise.all([
      new ECRClient(configuration).send(new CreateRepositoryCommand({ repositoryName: 'shop/web' })),
      new ECSClient(configuration).send(new CreateClusterCommand({ clusterName: 'shop' })),
      new ElasticLoadBalancingV2Client(configuration).send(new DescribeLoadBalancersCommand({})),
      new CloudWatchClient(configuration).send(new DescribeAlarmsCommand({})),
      new CloudWatchLogsClient(configuration).send(new DescribeLogGroupsCommand({})),
      new STSClient(configuration).send(new GetCallerIdentityCommand({})),
      new ApplicationAutoScalingClient(configuration).send(
        new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }),
      ),
    ]);
    const image = `${repository?.repositoryUri}:v1`;
    const archive = spawnSync('tar', ['-cC', folder, '--files-from', '/dev/null']).stdout;
    const { docker } = engine;
    const imported = await docker.importImage(Readable.from([archive]), {
      repo: repository?.repositoryUri,
      tag: 'v1',
    });
    await new Promise<void>((resolve) => docker.modem.followProgress(imported, () => resolve()));
    const { authorizationData } = await new ECRClient(configuration).send(
      new GetAuthorizationTokenCommand({}),
    );
    const [username, password] = atob(authorizationData?.[0]?.authorizationToken ?? '').split(':');
    const pushed = await docker.getImage(image).push({ authconfig: { username, password } });
    await new Promise<void>((resolve) => docker.modem.followProgress(pushed, () => resolve()));
    expect((await docker.getImage(image).inspect()).RepoDigests).toHaveLength(1);
    expect(await registries()).toHaveLength(1);

    expect(await sandbox.ended('SIGINT')).toEqual({ code: 0, errors: '' });

    expect(await readdir(folder)).toEqual([]);
    expect(await registries()).toEqual([]);
    await expect(engine.docker.getImage(image).inspect()).rejects.toMatchObject({ statusCode: 404 });
    await expect(fetch(configuration.endpoint)).rejects.toThrow('fetch failed');
  }, 30_000);

  test('cleans up after a run that was killed', async () => {
    const killed = start(['--port', '0']);
    await killed.ready();
    await killed.ended('SIGKILL');
    expect(await registries()).toHaveLength(1);

    const next = start(['--port', '0']);
    await next.ready();
    expect(await readdir(folder)).toEqual(['run-1']);
    expect(await registries()).toHaveLength(1);
    await next.ended('SIGINT');
    expect(await readdir(folder)).toEqual([]);
    expect(await registries()).toEqual([]);
  }, 30_000);

  test('two sandboxes at the same time do not interfere', async () => {
    const both = [start(['--port', '0']), start(['--port', '0'])];
    await Promise.all(both.map((sandbox) => sandbox.ready()));
    expect((await readdir(folder)).sort()).toEqual(['run-1', 'run-2']);
    expect(await Promise.all(both.map((sandbox) => sandbox.ended('SIGINT')))).toEqual([
      { code: 0, errors: '' },
      { code: 0, errors: '' },
    ]);
    expect(await readdir(folder)).toEqual([]);
  }, 30_000);

  test('ends on a SIGTERM while it starts', async () => {
    const sandbox = start(['--port', '0']);
    // The registry's folder is created first.
    while ((await readdir(folder)).length === 0) await sleep(10);
    expect(await sandbox.ended('SIGTERM')).toEqual({ code: 0, errors: '' });
    expect(await readdir(folder)).toEqual([]);
    expect(await registries()).toEqual([]);
  }, 30_000);

  test('names an occupied port, and cleans up', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    const { code, errors } = await start(['--port', port]).ended();
    expect(code).toBe(1);
    expect(errors).toContain(`Port ${port} cannot be opened`);
    expect(await readdir(folder)).toEqual([]);
    expect(await registries()).toEqual([]);
    other.close();
  }, 30_000);

  test('names what is missing: a Docker engine or the registry', async () => {
    const lost = start(['--port', '0'], { DOCKER_HOST: `unix://${folder}/none.sock` });
    expect(await lost.ended()).toEqual({
      code: 1,
      errors: expect.stringContaining(`No Docker engine answers at DOCKER_HOST=unix://${folder}/none.sock`),
    });
    const bare = start(['--port', '0'], { PATH: dirname(process.execPath) });
    expect(await bare.ended()).toEqual({
      code: 1,
      errors: expect.stringContaining('apt-get install docker-registry'),
    });
    expect(await readdir(folder)).toEqual([]);
  }, 30_000);

  test.each([
    [['--prot', '1'], "Unknown option '--prot'"],
    [['--port', 'many'], '--port many is not a port'],
    [['--metric-lag', '5'], '--metric-lag 5 is not a duration: use for example 5s or 2m.'],
  ])('explains a command line that it does not understand: %j', async (parameters, message) => {
    const { code, errors } = await start(parameters).ended();
    expect(code).toBe(2);
    expect(errors).toContain(message);
    expect(errors).toContain('--metric-lag 5s');
  });
});
