// The hosts of AWS that a job asks, by region and by the variables of AWS's SDKs. They are read
// from the tunnels that the job requests of a proxy, which opens none.
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type ActionRunner, createActionRunner } from '../../support/actions-from-source.ts';
import { type ProxyServer, startProxyServer } from '../../support/proxy-server.ts';

// Processes of their own.
jest.setTimeout(60_000);

let runner: ActionRunner;
beforeAll(async () => {
  runner = await createActionRunner();
});
afterAll(() => runner.close());

/** The hosts that `status` asks. */
async function hostsAsked(
  region: string,
  environment: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const proxy: ProxyServer = await startProxyServer(new Map());
  try {
    await runner.run(
      'status',
      { cluster: 'shop', 'aws-region': region, ...inputs },
      {
        AWS_ACCESS_KEY_ID: 'AKIATEST',
        AWS_SECRET_ACCESS_KEY: 'secret',
        HTTPS_PROXY: proxy.url,
        ...environment,
      },
    );
    return [...new Set(proxy.requests.map(({ line }) => line.replace('CONNECT ', '')))];
  } finally {
    await proxy.close();
  }
}

test.each<[string, string, Readonly<Record<string, string>>, string]>([
  ['China', 'cn-north-1', {}, 'ecs.cn-north-1.amazonaws.com.cn:443'],
  ['GovCloud', 'us-gov-west-1', {}, 'ecs.us-gov-west-1.amazonaws.com:443'],
  ['the European Sovereign Cloud', 'eusc-de-east-1', {}, 'ecs.eusc-de-east-1.amazonaws.eu:443'],
  ['FIPS', 'us-east-1', { AWS_USE_FIPS_ENDPOINT: 'true' }, 'ecs-fips.us-east-1.amazonaws.com:443'],
  ['dual stack', 'eu-west-1', { AWS_USE_DUALSTACK_ENDPOINT: 'true' }, 'ecs.eu-west-1.api.aws:443'],
  [
    'a VPC endpoint',
    'eu-west-1',
    { AWS_ENDPOINT_URL_ECS: 'https://vpce-1.ecs.eu-west-1.vpce.amazonaws.com' },
    'vpce-1.ecs.eu-west-1.vpce.amazonaws.com:443',
  ],
])('%s', async (_, region, environment, host) => {
  expect(await hostsAsked(region, environment)).toEqual([host]);
});

test('a role of China is assumed at the token service of its region', async () => {
  const role = { 'role-to-assume': 'arn:aws-cn:iam::123456789012:role/deploy', 'role-chaining': 'true' };
  expect(await hostsAsked('cn-north-1', {}, role)).toEqual(['sts.cn-north-1.amazonaws.com.cn:443']);
});
