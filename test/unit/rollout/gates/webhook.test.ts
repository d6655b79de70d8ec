import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from '@jest/globals';
import { webhookGate } from '../../../support/gates.ts';
import { askWebhook } from '../../../../src/rollout/gates/webhook.ts';
import type { GateAnswer } from '../../../../src/rollout/gates/answer.ts';
import { TESTED } from './tested.ts';

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

const PAUSE = {
  deployment: 'arn:aws:ecs:eu-west-1:123456789012:service-deployment/shop/web/Ab1',
  percent: 30,
};
const NEVER = new AbortController().signal;

async function ask(listener: RequestListener, signal = NEVER): Promise<GateAnswer> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : null;
  const url = `http://ci:s3cr3t@127.0.0.1:${port}/run?suite=all`;
  return askWebhook(TESTED)(webhookGate(url, { percent: 30 }), PAUSE, signal);
}

const answering =
  (status: number, body = ''): RequestListener =>
  (_, response) =>
    void response.writeHead(status).end(body);

test.each([200, 201, 204])('%i passes', async (status) => {
  expect(await ask(answering(status))).toEqual({ said: 'pass', because: `it answered ${status}` });
});

test.each([202, 408, 425, 429, 500, 503])('%i is asked again', async (status) => {
  expect(await ask(answering(status))).toEqual({ said: 'wait' });
});

test.each([301, 400, 404, 409])('%i fails, and its text is reported on one line', async (status) => {
  const problem = `the webhook answered ${status}: 3 of 20 tests failed`;
  expect(await ask(answering(status, '3 of 20\n tests failed\n'))).toEqual({ said: 'fail', problem });
});

test('a request without an answer, or without a status, is repeated', async () => {
  expect(await ask((_, response) => void response.socket!.destroy())).toEqual({ said: 'wait' });
  server!.close();
  const closed = webhookGate('http://127.0.0.1:1/');
  expect(await askWebhook(TESTED)(closed, PAUSE, NEVER)).toEqual({ said: 'wait' });
});

test('aborting ends the request', async () => {
  const stop = new AbortController();
  expect(await ask(() => stop.abort(), stop.signal)).toEqual({ said: 'wait' });
});

test('it gets what to test, with the same id each time', async () => {
  const heard: { readonly request: IncomingMessage; readonly body: unknown }[] = [];
  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    heard.push({ request, body: JSON.parse(await text(request)) });
    response.end();
  };
  await ask((request, response) => void listener(request, response));
  expect(heard[0]!.request).toMatchObject({
    method: 'POST',
    url: '/run?suite=all',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from('ci:s3cr3t').toString('base64')}`,
    },
  });
  expect(heard[0]!.body).toEqual({
    id: `${PAUSE.deployment}/30`,
    step: 30,
    service: 'web',
    cluster: 'shop',
    taskDefinitionArn: TESTED.taskDefinitionArn,
    image: TESTED.image,
    serviceDeploymentArn: PAUSE.deployment,
    testUrl: 'http://shop.example.com:8080',
    testHost: 'test.shop.example.com',
    testHeaders: { 'x-test': 'guess me' },
    runUrl: TESTED.runUrl,
  });
});
