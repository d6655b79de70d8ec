// Requests through a proxy. No name of a host in this file resolves, so a request that does not go
// through the proxy fails.
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type ActionRunner, createActionRunner } from '../../support/actions-from-source.ts';
import { startGitHubApi, type GitHubApi } from '../../support/github-api.ts';
import { type ProxyServer, startProxyServer } from '../../support/proxy-server.ts';
import { startWebhookServer, type WebhookServer } from '../../support/webhook-server.ts';

// Processes of their own.
jest.setTimeout(60_000);

let runner: ActionRunner;
let github: GitHubApi;
let webhook: WebhookServer;
let aws: Server;
let proxy: ProxyServer;
const portOf = (url: string) => Number(URL.parse(url)?.port);
beforeAll(async () => {
  aws = createServer((request, response) => {
    request.resume();
    response.writeHead(400).end('{"__type":"AccessDeniedException","message":"no"}');
  });
  aws.listen(0, '127.0.0.1');
  [runner, github, webhook] = await Promise.all([
    createActionRunner(),
    startGitHubApi(),
    startWebhookServer(),
    once(aws, 'listening'),
  ]);
  const address = aws.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  proxy = await startProxyServer(
    new Map([
      ['aws.example', address.port],
      ['github.example', portOf(github.environment['GITHUB_API_URL']!)],
      ['hooks.example', portOf(webhook.url)],
    ]),
  );
});
afterAll(async () => {
  aws.close();
  aws.closeAllConnections();
  await Promise.all([runner.close(), github.close(), webhook.close(), proxy.close(), once(aws, 'close')]);
});

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'secret' };
const RELEASE = {
  service: 'web',
  cluster: 'shop',
  image: 'registry.example.com/shop/web:1',
  'aws-region': 'eu-west-1',
};
const STATUS = { cluster: 'shop', 'aws-region': 'eu-west-1' };
const told = (since: number) => new Set(proxy.requests.slice(since).map(({ line }) => line));

test('AWS, GitHub and the webhook are reached through the proxy, whose password is not shown', async () => {
  const since = proxy.requests.length;
  const step = await runner.run(
    '',
    { ...RELEASE, 'github-token': 'ghs_job', 'commit-status': 'true', webhook: 'http://hooks.example/x' },
    {
      ...CREDENTIALS,
      ...github.environment,
      AWS_ENDPOINT_URL: 'http://aws.example',
      GITHUB_API_URL: 'http://github.example',
      HTTP_PROXY: proxy.url,
    },
  );
  expect(step.outputs['reason']).toContain('AWS denied ecs:DescribeServices');
  expect(told(since)).toEqual(
    new Set([
      'POST http://aws.example',
      'CONNECT github.example:80',
      'CONNECT hooks.example:80',
      'CONNECT registry.example.com:443',
    ]),
  );
  expect(new Set(proxy.requests.map(({ authorization }) => authorization))).toEqual(
    new Set([`Basic ${Buffer.from('user:pr0xy-pa55').toString('base64')}`]),
  );
  expect(JSON.stringify(step)).not.toMatch(/pr0xy(-|%2D)pa55/);
});

test('AWS and the token service are reached through a tunnel for https', async () => {
  const since = proxy.requests.length;
  const role = { 'role-to-assume': 'arn:aws:iam::123456789012:role/deploy' };
  const token = {
    ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token.example/id',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer',
  };
  const env = { https_proxy: proxy.url, AWS_MAX_ATTEMPTS: '1', AWS_EC2_METADATA_DISABLED: 'true' };
  const assumed = await runner.run('status', { ...STATUS, ...role }, { ...env, ...token });
  expect(assumed.exitCode).toBe(1);
  expect(told(since)).toEqual(new Set(['CONNECT token.example:443']));
  const chained = { ...role, 'role-chaining': 'true' };
  await runner.run('status', { ...STATUS, ...chained }, { ...env, ...CREDENTIALS });
  expect(told(since)).toContain('CONNECT sts.eu-west-1.amazonaws.com:443');
  expect(JSON.stringify(assumed)).not.toContain('pa55');
});

test('hosts of NO_PROXY and this machine are reached directly', async () => {
  const since = proxy.requests.length;
  const environment = {
    ...CREDENTIALS,
    ...github.environment,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${String(Reflect.get(Object(aws.address()), 'port'))}`,
    ALL_PROXY: proxy.url,
    NO_PROXY: 'example.com',
  };
  const inputs = { ...RELEASE, 'github-token': 'ghs_job', 'commit-status': 'true', webhook: webhook.url };
  const step = await runner.run('', inputs, environment);
  expect(step.outputs['reason']).toContain('AWS denied ecs:DescribeServices');
  expect(webhook.received.at(-1)).toMatchObject({ event: 'finished' });
  expect(told(since)).toEqual(new Set());
});

test('a proxy that is no URL is a mistake with its fix', async () => {
  const step = await runner.run('', RELEASE, { HTTPS_PROXY: 'socks5://u:hunter2@s.example.com' });
  expect(step.exitCode).toBe(1);
  expect(step.annotations.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^HTTPS_PROXY: the value is not the URL of an HTTP proxy\. Write http:/),
  ]);
  expect(JSON.stringify(step)).not.toContain('hunter2');
});
