// node run.ts: dist/ releases through tinyproxy, to AWS, a GitHub Enterprise Server and a webhook
// whose certificates a company's own authority issued.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '../../support/certificates.ts';
import { startGitHubApi } from '../../support/github-api.ts';
import { serveAws } from '../../support/served-aws.ts';
import { startWebhookServer } from '../../support/webhook-server.ts';
import { runAction } from '../../demo/runner.ts';
import { httpsFront } from './https-front.ts';
import { PASSWORD, startTinyproxy } from './tinyproxy.ts';

const say = (line: string): void => console.log(line);
const ROOT = join(import.meta.dirname, '../../..');
const HOSTS = ['aws.example', 'ghes.example', 'hooks.example'] as const;

const folder = await mkdtemp(join(tmpdir(), 'ecs-ramp-proxy-'));
const authority = await createAuthority();
const authorityFile = join(folder, 'authority.pem');
await writeFile(authorityFile, authority.certificate);
const certificate = await authority.issue(...HOSTS);
const [served, github, webhook, proxy] = await Promise.all([
  serveAws(),
  startGitHubApi(),
  startWebhookServer(),
  startTinyproxy(HOSTS),
]);
const front = (url: string | undefined, basePath = '') =>
  httpsFront({ certificate, port: Number(URL.parse(url ?? '')?.port), basePath });
const [aws, ghes, hooks] = await Promise.all([
  front(served.environment['AWS_ENDPOINT_URL']),
  front(github.environment['GITHUB_API_URL'], '/api/v3'),
  front(webhook.url),
]);
const [awsHost, ghesHost, hooksHost] = [
  `aws.example:${aws.port}`,
  `ghes.example:${ghes.port}`,
  `hooks.example:${hooks.port}`,
];
const environment = {
  ...served.environment,
  ...github.environment,
  AWS_ENDPOINT_URL: `https://${awsHost}`,
  GITHUB_API_URL: `https://${ghesHost}/api/v3`,
  GITHUB_SERVER_URL: `https://${ghesHost}`,
  GITHUB_RUN_ID: '42',
  NODE_EXTRA_CA_CERTS: authorityFile,
  // A release of an image that exists needs no engine.
  DOCKER_HOST: 'unix:///nowhere/docker.sock',
};
const withLogin = `http://user:${PASSWORD}@${proxy.host}`;

try {
  await release();
  for (const noProxy of ['aws.example', '.example', awsHost, '*', 'other.example, .example'])
    await status({ HTTPS_PROXY: withLogin, NO_PROXY: noProxy }, []);
  for (const noProxy of ['example.org', 'ws.example', 'aws.example:1', '10.0.0.0/8'])
    await status({ HTTPS_PROXY: withLogin, NO_PROXY: noProxy }, [`CONNECT ${awsHost}`]);
  await status({ https_proxy: withLogin, HTTPS_PROXY: 'http://127.0.0.1:9' }, [`CONNECT ${awsHost}`]);
  await status({ ALL_PROXY: withLogin }, [`CONNECT ${awsHost}`]);
  say('HTTPS_PROXY, https_proxy, ALL_PROXY and the forms of NO_PROXY: as documented.');
  const refused = await status({ HTTPS_PROXY: `http://user:wr0ng@${proxy.host}` }, [`CONNECT ${awsHost}`]);
  assert.match(refused, /AWS did not answer .*via http:\/\/127\.0\.0\.1:\d+\/: HTTP\/1\.0 401/);
  say('A wrong password of the proxy: the message names the proxy and its answer.');
} finally {
  const all = [aws, ghes, hooks, served, github, webhook, proxy];
  await Promise.all(all.map((each) => each.close()));
  await rm(folder, { recursive: true });
}

async function release(): Promise<void> {
  await proxy.requests();
  const { step } = await served.release({
    inputs: {
      'github-token': 'ghs_job',
      'github-deployment': 'true',
      'commit-status': 'true',
      webhook: `https://${hooksHost}/services/s3cr3t`,
    },
    environment: { ...environment, HTTPS_PROXY: withLogin },
  });
  const finished = await step.done;
  assert.equal(finished.outputs['outcome'], 'deployed', finished.log.slice(-40).join('\n'));
  const reached = await proxy.requests();
  for (const host of [awsHost, ghesHost, hooksHost])
    assert(reached.has(`CONNECT ${host}`), `${host} was not reached through the proxy`);
  assert.equal(github.deployments.at(-1)?.state, 'success');
  assert.equal(webhook.received.at(-1)?.event, 'finished');
  assert.doesNotMatch(JSON.stringify(finished), new RegExp(PASSWORD));
  assert.doesNotMatch(
    JSON.stringify([finished, github.requests, webhook.received]),
    /https:\/\/github\.com\/example/,
  );
  say('A release through tinyproxy, with HTTPS and a private authority everywhere: deployed.');
}

/** Runs `status`, and compares what the proxy was asked for. Returns what the log says in the end. */
async function status(
  variables: Readonly<Record<string, string>>,
  expected: readonly string[],
): Promise<string> {
  await proxy.requests();
  const finished = await runAction({
    action: join(ROOT, 'status'),
    inputs: { cluster: 'shop', 'aws-region': 'eu-west-1' },
    environment: { ...environment, ...variables },
    workspace: folder,
    temp: join(folder, 'runner'),
    commit: '0'.repeat(40),
  }).done;
  assert.deepEqual([...(await proxy.requests())], expected, JSON.stringify(variables));
  return finished.log.slice(-3).join(' ');
}
