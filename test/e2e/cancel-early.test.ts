// A job that is cancelled while it waits for an answer, before it has changed anything.
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runAction, type RunningStep } from '../demo/runner.ts';
import { startGitHubTokens } from '../support/github-tokens.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { serveAws } from '../support/served-aws.ts';

const ROOT = join(import.meta.dirname, '../..');
const THROTTLES = { error: 'ThrottlingException', times: 100_000 };
/** For longer than a test may take. */
const NEVER_ANSWERS = { delay: 600_000, times: 1_000 };

/** Cancels with one signal: the job must end although nothing answers. */
async function cancelled(step: RunningStep) {
  step.kill('SIGINT');
  const giveUp = setTimeout(() => step.kill('SIGKILL'), 40_000);
  const { exitCode, annotations, outputs } = await step.done;
  clearTimeout(giveUp);
  return {
    exitCode,
    outcome: outputs['outcome'],
    errors: annotations.map(({ message }) => message).join('\n'),
  };
}

test.each([
  ['throttles each call', 'started', { operation: '*', ...THROTTLES }],
  ['accepts the call and never answers', 'started', { operation: '*', ...NEVER_ANSWERS }],
  [
    'throttles the registration of the task definition',
    'planned',
    { operation: 'RegisterTaskDefinition', ...THROTTLES },
  ],
])('ends the job while ECS %s', async (_, reached, fault) => {
  const served = await serveAws();
  try {
    served.aws.wire.faults.add([{ service: 'ecs', ...fault }]);
    const release = await served.release();
    await release.until(({ kind }) => kind === reached);
    expect(await cancelled(release.step)).toEqual({
      exitCode: 1,
      outcome: 'failed',
      errors: expect.stringContaining('The job was cancelled (SIGINT) before anything was deployed.'),
    });
  } finally {
    served.aws.wire.faults.clear();
    await served.close();
  }
});

test('ends the job while STS does not answer', async () => {
  const [served, github] = await Promise.all([serveAws(), startGitHubTokens()]);
  try {
    served.aws.wire.faults.add([{ service: 'sts', operation: '*', ...NEVER_ANSWERS }]);
    const release = await served.release({
      inputs: { 'role-to-assume': 'arn:aws:iam::123456789012:role/release', 'aws-region': 'eu-west-1' },
      environment: {
        ...github.environment,
        AWS_REGION: '',
        AWS_ACCESS_KEY_ID: '',
        AWS_SECRET_ACCESS_KEY: '',
      },
    });
    await release.until(({ kind }) => kind === 'started');
    expect((await cancelled(release.step)).errors).toContain('The job was cancelled (SIGINT)');
  } finally {
    await Promise.all([served.close(), github.close()]);
  }
});

test.each([
  ['rollback', 'The job was cancelled (SIGINT) before anything was changed.'],
  ['status', 'was cancelled'],
  ['reconcile', 'was cancelled'],
])('ends the %s/ while ECS throttles each call', async (action, message) => {
  const served = await serveAws();
  try {
    served.aws.wire.faults.add([{ service: 'ecs', operation: '*', ...THROTTLES }]);
    const { calls } = served.aws.wire;
    const before = calls.length;
    const step = runAction({
      action: join(ROOT, action),
      inputs: { service: 'web', cluster: 'shop' },
      environment: served.environment,
      workspace: ROOT,
      temp: join(ROOT, '.sandbox/cancel', action),
      commit: '0123456789'.repeat(4),
    });
    while (calls.length === before) await new Promise((resolve) => setTimeout(resolve, 50));
    const { exitCode, errors } = await cancelled(step);
    expect(exitCode).toBe(1);
    expect(errors).toContain(message);
  } finally {
    await served.close();
  }
});

interface Hosts {
  readonly silent: string;
  readonly registry: TestRegistry;
}

const APP = join(ROOT, 'examples/shop/api');
const build = { image: '', context: APP, file: join(APP, 'Dockerfile'), repository: 'shop/web' };

test.each([
  ['the registry of a given image', ({ silent }: Hosts) => ({ inputs: { image: `${silent}/shop/web:2` } })],
  [
    'the Docker engine',
    ({ silent, registry: { host, username, password } }: Hosts) => ({
      inputs: { ...build, registry: host, 'registry-username': username, 'registry-password': password },
      environment: { DOCKER_HOST: `tcp://${silent}` },
    }),
  ],
])('ends the job while %s does not answer', async (_, settings) => {
  const [served, silent, registry] = await Promise.all([serveAws(), startSilent(), startRegistry()]);
  try {
    const release = await served.release(settings({ silent: silent.host, registry }));
    await Promise.race([silent.asked, release.step.done]);
    const { errors } = await cancelled(release.step);
    expect(errors).toContain('The job was cancelled (SIGINT) before anything was deployed.');
  } finally {
    silent.close();
    await Promise.all([served.close(), registry.stop()]);
  }
});

/** A server that accepts connections and never answers. */
async function startSilent() {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const server = createServer(() => resolve());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port
  const { port } = server.address() as AddressInfo;
  return { asked, host: `127.0.0.1:${port}`, close: () => server.close() };
}
