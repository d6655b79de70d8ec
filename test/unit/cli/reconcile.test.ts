import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DescribeServicesCommand, TagResourceCommand } from '@aws-sdk/client-ecs';
import { savedConfigurationTags } from '../../../src/rollout/traffic/saved-configuration.ts';
import { createSimulatedAws, type SimulatedAws } from '../../support/simulated-aws.ts';
import { call, type Called } from './calls.ts';

const BLUE_GREEN = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 } as const;

let aws: SimulatedAws;
beforeEach(async () => {
  aws = await createSimulatedAws({ versions: {} });
});
afterEach(() => aws.close());

const reconcile = (...args: string[]): Promise<Called> =>
  aws.until(
    call(['reconcile', ...args], {
      env: { AWS_REGION: 'eu-west-1' },
      clock: aws.clock,
      clients: aws.bystander,
    }),
  );

async function tagged(...tags: { key: string; value: string }[]): Promise<void> {
  const ecs = await aws.bystander.ecs();
  await ecs.send(new TagResourceCommand({ resourceArn: await serviceArn(), tags }));
}

async function described() {
  const ecs = await aws.bystander.ecs();
  const { services } = await ecs.send(
    new DescribeServicesCommand({ cluster: 'shop', services: ['web'], include: ['TAGS'] }),
  );
  return services![0]!;
}
const serviceArn = async () => (await described()).serviceArn!;

const lease = (minutes: number) => ({
  key: 'ecs-ramp:lease',
  value: `${new Date(aws.clock.now() + minutes * 60_000).toISOString().slice(0, 19)}Z 3f9a https://github.com/acme/shop/actions/runs/7/attempts/1`,
});
const memory = () =>
  savedConfigurationTags(BLUE_GREEN)!.map(({ key, value }) => ({ key: key!, value: value! }));

test('a cluster without traces of dead runs is clean', async () => {
  const { code, stdout } = await reconcile('--cluster', 'shop');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    state: 'clean',
    services: [{ service: 'web', state: 'clean' }],
  });
});

test('traces of a dead run are removed, and only reported in a dry run', async () => {
  await tagged(lease(-10), ...memory());
  const told = await reconcile('--cluster', 'shop', '--dry-run', '--explain');
  expect(told).toMatchObject({ code: 0, stdout: expect.stringContaining('would be removed') });
  expect((await described()).tags).toHaveLength(2);
  const done = await reconcile('--cluster', 'shop', '--service', 'web', '--explain');
  expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('shop/web: undone') });
  expect((await described()).tags).toEqual([]);
});

test('a live run is not changed, and its page is shown', async () => {
  await tagged(lease(1), ...memory());
  const { code, stdout } = await reconcile('--cluster', 'shop', '--explain');
  expect(code).toBe(0);
  expect(stdout).toContain('shop/web: in progress: https://github.com/acme/shop/actions/runs/7/attempts/1');
  expect((await described()).tags).toHaveLength(2);
});

test('exits with 4 if manual action is required', async () => {
  await tagged({ key: 'ecs-ramp:lease', value: 'hands off' });
  const { code, stdout } = await reconcile('--cluster', 'shop', '--explain');
  expect(code).toBe(4);
  expect(stdout).toContain('the tag ecs-ramp:lease was edited by hand and says "hands off"');
});
