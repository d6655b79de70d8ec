import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { portOf } from '../../../sandbox/balancer-rig.ts';
import { startProxyServer } from '../../../support/proxy-server.ts';

const ROOT = join(import.meta.dirname, '../../../..');

/** A process of its own, because a proxy applies to all requests of a process. */
const PROGRAM = `
import { useProxies } from './src/core/proxy.ts';
import { runSmokeTest } from './src/rollout/health/smoke-test.ts';
import { askWebhook } from './src/rollout/gates/webhook.ts';
import { webhookGate } from './test/support/gates.ts';
useProxies(process.env);
const place = { url: 'http://web.example', host: null, serverName: null, headers: { 'x-test': 'yes' } };
const smoke = await runSmokeTest({ path: '/health', status: 200, times: 1 }, place);
const ask = askWebhook({});
const gate = await ask(webhookGate('http://gate.example/x'), { deployment: 'd', percent: 0 }, new AbortController().signal);
console.log(JSON.stringify({ smoke: smoke.problem, gate: gate.said }));
`;

test('smoke tests and the webhooks of gates are sent through the proxy', async () => {
  const server = createServer((request, response) =>
    response.writeHead(request.url === '/health' && request.headers['x-test'] !== 'yes' ? 403 : 200).end(),
  );
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  const proxy = await startProxyServer(
    new Map([
      ['web.example', port],
      ['gate.example', port],
    ]),
  );
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HTTP_PROXY: proxy.url },
  });
  expect(JSON.parse(stdout)).toEqual({ smoke: null, gate: 'pass' });
  const lines = proxy.requests.map(({ line }) => line).join('\n');
  expect(lines).toContain('web.example');
  expect(lines).toContain('gate.example');
  await proxy.close();
  server.close();
  server.closeAllConnections();
});
