import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { FinishedStep } from '../../../demo/runner.ts';
import { type ActionRunner, createActionRunner } from '../../../support/actions-from-source.ts';
import { NOT_ACCESSIBLE, startGitHubApi, type GitHubApi } from '../../../support/github-api.ts';
import { startWebhookServer, type WebhookServer } from '../../../support/webhook-server.ts';

// Processes of their own.
jest.setTimeout(30_000);

let actionRunner: ActionRunner;
beforeAll(async () => {
  actionRunner = await createActionRunner();
});
afterAll(() => actionRunner.close());

let github: GitHubApi;
let webhook: WebhookServer;
beforeEach(async () => {
  [github, webhook] = await Promise.all([startGitHubApi(), startWebhookServer()]);
});
afterEach(() => Promise.all([github.close(), webhook.close()]));

const RELEASE = { service: 'web', cluster: 'shop', image: 'registry.example.com/shop/web:1' };
const TOLD = { 'github-token': 'ghs_job', 'commit-status': 'true' };
const noticesOf = ({ annotations }: FinishedStep) =>
  annotations.flatMap(({ level, message }) => (level === 'notice' ? [message] : []));
const statuses = () =>
  github.requests
    .filter(({ path }) => path.includes('/statuses/'))
    .map(({ body }) => `${body.context} ${body.state}: ${body.description}`);

test('the end is reported before the job ends', async () => {
  const inputs = { ...RELEASE, ...TOLD, webhook: webhook.url };
  const { outputs, exitCode } = await actionRunner.run('', inputs, github.environment);
  expect(outputs['outcome']).toBe('failed');
  expect(exitCode).toBe(1);
  const end = 'not deployed, production was not touched: No AWS region is set: set aws-region or AWS_REGION.';
  expect(statuses().at(-1)).toBe(`ecs-ramp/shop/web failure: ${end}`);
  expect(webhook.received.map(({ event }) => event)).toEqual(['started', 'finished']);
});

test('without a token there are no calls, and an unreachable GitHub is reported in a notice', async () => {
  const gone = await startGitHubApi();
  await gone.close();
  const [silent, away] = await Promise.all([
    actionRunner.run('', { ...RELEASE, 'commit-status': 'true', comment: 'true' }, github.environment),
    actionRunner.run('', { ...RELEASE, ...TOLD }, gone.environment),
  ]);
  expect(github.requests).toEqual([]);
  expect(noticesOf(silent)).toEqual([]);
  expect(noticesOf(away)).toEqual([
    expect.stringMatching(
      /^GitHub did not accept the commit status \(.*ECONNREFUSED.*\)\. The release is not affected\.$/,
    ),
  ]);
  expect([away.exitCode, away.outputs['outcome']]).toEqual([1, 'failed']);
});

test('missing permissions are reported once for all services, without other effects', async () => {
  github.refuse = () => NOT_ACCESSIBLE;
  webhook.answerWith(404, 404, 404, 404);
  const { service, ...release } = RELEASE;
  const told = { ...release, ...TOLD, service: `${service},api`, webhook: webhook.url };
  const step = await actionRunner.run('deploy', told, github.environment);
  expect(noticesOf(step)).toEqual([
    'GitHub did not accept the commit status (403: Resource not accessible by integration). The release is not affected. The job needs permissions: statuses: write.',
    'The webhook did not accept a notification (it answered 404). The release is not affected.',
  ]);
  expect(step.outputs['outcome']).toBe('failed');
  expect(step.log.join('\n')).not.toContain('s3cr3t');
});

test('the post step reports the end of a release whose main step was killed', async () => {
  const aws = await startAws();
  const inputs = { ...RELEASE, ...TOLD, 'aws-region': 'eu-west-1', webhook: webhook.url };
  const step = await actionRunner.start('', inputs, { ...github.environment, ...aws.environment });
  github.refuse = () => {
    if (!aws.answers()) step.kill('SIGKILL');
    aws.answer();
    return null;
  };
  const { exitCode, outputs } = await step.done;
  await aws.close();
  expect(exitCode).toBeNull();
  expect(outputs['outcome']).toBe('failed');
  expect(statuses()).toEqual([
    'ecs-ramp/shop/web pending: being built and checked',
    'ecs-ramp/shop/web failure: not deployed, production was not touched: The job was killed before anything was deployed.',
  ]);
  expect(webhook.received.at(-1)).toMatchObject({ event: 'finished', outcome: 'failed' });
  // Both steps belong to one job.
  expect(new Set(webhook.received.map(({ id }) => id.split('/')[0])).size).toBe(1);
});

test.each(['deploy', 'rollback'])('so does that of %s', async (folder) => {
  const aws = await startAws();
  const { image, ...release } = RELEASE;
  const inputs = { ...release, ...(folder === 'deploy' && { image }), 'aws-region': 'eu-west-1' };
  const step = await actionRunner.start(folder, { ...inputs, webhook: webhook.url }, aws.environment);
  webhook.onReceive = () => {
    webhook.onReceive = null;
    step.kill('SIGKILL');
    aws.answer();
  };
  const { exitCode, outputs } = await step.done;
  await aws.close();
  expect([exitCode, outputs['outcome']]).toEqual([null, 'failed']);
  const command = folder === 'rollback' ? 'rollback' : 'release';
  expect(webhook.received).toMatchObject([
    { event: 'started', command },
    {
      event: 'finished',
      command,
      outcome: 'failed',
      id: webhook.received[0].id.replace('started', 'finished'),
    },
  ]);
});

test.each(['', 'deploy', 'rollback'])(
  'the post step of "%s" reports the end, even if nobody reads its log',
  async (folder) => {
    const aws = await startAws();
    const { image, ...release } = RELEASE;
    const inputs = { ...release, ...(folder !== 'rollback' && { image }), 'aws-region': 'eu-west-1' };
    const told = { ...inputs, webhook: webhook.url };
    const step = await actionRunner.start(folder, told, aws.environment, { readsPost: false });
    webhook.onReceive = () => {
      webhook.onReceive = null;
      step.kill('SIGKILL');
      aws.answer();
    };
    const { postExitCode, outputs, summary } = await step.done;
    await aws.close();
    expect([postExitCode, outputs['outcome']]).toEqual([1, 'failed']);
    expect(summary).toContain('The job was killed before anything was deployed.');
  },
);

/** An AWS that does not answer at first, and later refuses everything. */
async function startAws() {
  let isAnswering = false;
  const waiting: (() => void)[] = [];
  const server: Server = createServer((request, response) => {
    request.resume();
    const refuse = () => response.writeHead(400).end('{"__type":"AccessDeniedException","message":"no"}');
    if (isAnswering) refuse();
    else waiting.push(refuse);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    environment: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${address.port}`,
      AWS_ACCESS_KEY_ID: 'AKIATEST',
      AWS_SECRET_ACCESS_KEY: 'secret',
    },
    answers: () => isAnswering,
    answer() {
      isAnswering = true;
      for (const refuse of waiting.splice(0)) refuse();
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
