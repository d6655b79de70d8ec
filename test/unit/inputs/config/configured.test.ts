import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Secret } from '../../../../src/core/secrecy/secret.ts';
import { mainAction } from '../../../../src/inputs/actions/main.ts';
import { readInputs } from '../../../../src/inputs/check.ts';
import { notificationSettingsOf, requestFor } from '../../../../src/inputs/assemble.ts';
import { environmentOf, type Inputs } from '../request.ts';

let workspace: string;
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'ecs-ramp-configured-'));
  mkdirSync(join(workspace, 'web'));
  writeFileSync(join(workspace, 'web/Dockerfile'), '');
});
afterAll(() => rmSync(workspace, { recursive: true }));

const SHOP = `
defaults: { cluster: shop, repository: 'shop/{service}', context: '{service}', bake-time: 7m }
environments:
  production: { branches: main, cluster: live }
  staging: { branches: develop }
services:
  web: { service: web-v2, step-timeout: 6m }
  api: { context: web }
`;

const surroundings = (inputs: Inputs, { text = SHOP, branch = 'main' } = {}) => {
  writeFileSync(join(workspace, 'ecs-ramp.yml'), text);
  const env = {
    GITHUB_SHA: 'c0ffee',
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REF_NAME: branch,
    ...environmentOf({ config: 'ecs-ramp.yml', ...inputs }),
  };
  return { env, workspace };
};
const requestOf = async (...inputs: Parameters<typeof surroundings>) =>
  requestFor(await readInputs(mainAction, surroundings(...inputs)));

test('settings of ecs-ramp.yml apply to inputs that the workflow does not give', async () => {
  const request = await requestOf({ service: 'api', 'bake-time': '1m' });
  expect(request).toMatchObject({
    service: 'api',
    cluster: 'live',
    image: { context: join(workspace, 'web'), push: { repository: 'shop/api' } },
    rollout: { bakeTime: 60_000, stepTimeout: 1_800_000 },
  });
});

test('a service may have a different name in ECS', async () => {
  const request = await requestOf({ service: 'web', 'step-timeout': '20m' }, { branch: 'develop' });
  expect(request).toMatchObject({ service: 'web-v2', cluster: 'shop' });
});

test('an image from the workflow is not built, even if the file has build settings', async () => {
  expect((await requestOf({ service: 'api', image: 'shop/api:v1' })).image).toEqual({
    kind: 'given',
    reference: 'shop/api:v1',
  });
});

test('an error names its place in the file', async () => {
  await expect(requestOf({ service: 'web', environment: 'staging' })).rejects.toThrow(
    /^ecs-ramp.yml:2:\d+: bake-time: 7m is not shorter than step-timeout, 6m/,
  );
  await expect(requestOf({ service: 'api', 'bake-time': '40m' })).rejects.toThrow(/^bake-time: 40m is not/);
  await expect(requestOf({ service: 'api' }, { text: SHOP.replace('7m', '7') })).rejects.toThrow(
    /^ecs-ramp.yml:2:\d+: bake-time: "7" has no unit/,
  );
});

test.each<[string, Inputs, Parameters<typeof requestOf>[1], string]>([
  ['no file', { config: 'x.yml' }, {}, 'config: there is no file'],
  [
    'no service named, and several there',
    {},
    {},
    'service: it is missing, and ecs-ramp.yml has several services. Name one of web, api',
  ],
  [
    'no environment for the branch',
    { service: 'web' },
    { branch: 'topic' },
    'and none of them has branch topic',
  ],
  ['no such service', { service: 'wbe' }, {}, 'Did you mean web?'],
])('%s: reported with its fix', async (_, inputs, options, told) => {
  await expect(requestOf(inputs, options)).rejects.toThrow(told);
});

test('the service is optional if the file has only one', async () => {
  const text = 'services: { web: { image: shop/web:v1 } }';
  expect((await requestOf({}, { text })).service).toBe('web');
});

test('each service may have its own account, region and role, approvals and limits, in each environment', async () => {
  const text = `
    defaults: { cluster: shop, image: shop/web:v1, aws-region: eu-central-1 }
    environments:
      production: { branches: main, role-to-assume: 'arn:aws:iam::111111111111:role/deploy-{service}' }
      staging: { branches: develop, role-to-assume: 'arn:aws:iam::222222222222:role/deploy-{service}' }
    services:
      web: { gates: [30 approval 2h, 0 command 15m ./test.sh --all], alarms: [web-is-down], keep-old: 1h, keep-revisions: 20 }
      billing:
        environments:
          production: { role-to-assume: 'arn:aws:iam::333333333333:role/billing', aws-region: us-east-1, max-error-rate: 0.1% }
  `;
  const asked = (service: string, branch: string) => requestOf({ service }, { text, branch });
  const roleOf = async (service: string, branch: string) => (await asked(service, branch)).access;
  expect(await roleOf('web', 'main')).toEqual({
    region: 'eu-central-1',
    role: 'arn:aws:iam::111111111111:role/deploy-web',
    chaining: false,
  });
  expect(await roleOf('web', 'develop')).toMatchObject({ role: 'arn:aws:iam::222222222222:role/deploy-web' });
  expect(await roleOf('billing', 'main')).toMatchObject({
    region: 'us-east-1',
    role: 'arn:aws:iam::333333333333:role/billing',
  });
  expect(await roleOf('billing', 'develop')).toMatchObject({
    region: 'eu-central-1',
    role: 'arn:aws:iam::222222222222:role/deploy-billing',
  });
  expect((await asked('web', 'main')).rollout).toMatchObject({
    gates: [
      { kind: 'approval', percent: 30, within: 7_200_000 },
      { kind: 'command', percent: 0, program: './test.sh', args: [expect.any(Secret)] },
    ],
    alarms: ['web-is-down'],
    keepOld: 3_600_000,
  });
  expect((await asked('billing', 'main')).rollout).toMatchObject({
    gates: [],
    judging: { maxErrorRate: 0.001 },
  });
});

test('the name of the environment is known even if it comes from the branch', async () => {
  const text = SHOP.replace(
    'cluster: shop,',
    "cluster: shop, comment: true, environment-url: 'https://{service}.example.com',",
  );
  const telling = notificationSettingsOf(
    await readInputs(mainAction, surroundings({ service: 'api' }, { text })),
  );
  expect(telling).toMatchObject({
    environment: 'production',
    comment: true,
    environmentUrl: 'https://api.example.com/',
  });
  const staging = notificationSettingsOf(
    await readInputs(mainAction, surroundings({ service: 'api', environment: 'staging' })),
  );
  expect(staging).toMatchObject({ environment: 'staging', comment: false });
});
