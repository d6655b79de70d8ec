import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeRulesCommand, ModifyRuleCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  openLiveSandbox,
  type RunOptions,
  type RunResult,
  type LiveSandbox,
} from '../support/live-sandbox.ts';

jest.setTimeout(120_000);

let sandbox: LiveSandbox;
beforeAll(async () => {
  sandbox = await openLiveSandbox(['web']);
});
afterEach(() => sandbox.noFaults());
afterAll(() => sandbox?.close());

/** Inputs with an existing image, so that nothing is built. */
const image = { image: 'registry.example.com/shop/web:2' };

/** Runs the action, checks that it fails before the rollout, and returns its annotations. */
async function refused(run: RunOptions): Promise<{ readonly said: string; readonly acted: RunResult }> {
  const acted = await sandbox.run(run);
  const said = acted.annotations.map(({ message }) => message).join('\n');
  expect(acted.exitCode).toBe(1);
  expect(acted.outputs).toMatchObject({ outcome: 'failed' });
  expect(acted.outputs['reason']).not.toBe('');
  expect(acted.log.join('\n')).not.toMatch(/^\s+at .*:\d+:\d+/m);
  expect(acted.events.some(({ kind }) => kind === 'rollout-started')).toBe(false);
  return { said, acted };
}

test('all mistakes in the inputs are reported at once, including misspelt names', async () => {
  const { acted, said } = await refused({
    inputs: { ...image, 'bake-time': '90', steps: '30,10', 'step-time': '5m', 'dry-run': 'yes' },
  });
  expect(acted.annotations.length).toBeGreaterThanOrEqual(4);
  for (const part of ['bake-time', 'steps', 'step-timeout', 'dry-run']) expect(said).toContain(part);
});

describe('a missing resource is named, together with the existing ones:', () => {
  test('the cluster', async () => {
    const { said } = await refused({ inputs: { ...image, cluster: 'shopp' } });
    expect(said).toContain('there is no cluster "shopp"');
    expect(said).toContain('shop.');
  });
  test('the service', async () => {
    const { said } = await refused({ service: 'wep', inputs: image });
    expect(said).toMatch(/no service "wep".*web/);
  });
  test('the container', async () => {
    const { said } = await refused({ inputs: { ...image, 'container-name': 'nginx' } });
    expect(said).toMatch(/nginx.*web/);
  });
  test('the repository', async () => {
    const { said } = await refused({ inputs: { repository: 'shop/wep' } });
    expect(said).toMatch(/no ECR repository "shop\/wep".*create it/);
  });
  test('the listener rule', async () => {
    await sandbox.fault({
      service: 'elastic-load-balancing-v2',
      operation: 'DescribeRules',
      error: 'RuleNotFound',
    });
    const { said } = await refused({ inputs: image });
    expect(said).toMatch(/no production listener rule arn:.*advancedConfiguration/);
  });
  test('a target group that is not on the rule', async () => {
    const rule = sandbox.stack.services.web!.productionRuleArn!;
    const { elb } = sandbox.aws;
    const described = await elb.send(new DescribeRulesCommand({ RuleArns: [rule] }));
    const actions = described.Rules![0]!.Actions!;
    const groups = actions[0]!.ForwardConfig!.TargetGroups!;
    const only = {
      Type: 'forward' as const,
      ForwardConfig: { TargetGroups: groups.filter(({ Weight }) => Weight !== 0) },
    };
    await elb.send(new ModifyRuleCommand({ RuleArn: rule, Actions: [only] }));
    try {
      const { said } = await refused({ inputs: image });
      expect(said).toMatch(/Target group .* is not on the production listener rule .*modify-rule/);
    } finally {
      await elb.send(new ModifyRuleCommand({ RuleArn: rule, Actions: actions }));
    }
  });
});

describe('a build that fails', () => {
  test('shows the last lines of the step’s output and the line of the Dockerfile', async () => {
    const file = join(sandbox.workspace, 'broken.Dockerfile');
    await writeFile(
      file,
      'ARG NODE_IMAGE\nFROM ${NODE_IMAGE}\nRUN ["node", "-e", "console.log(6*7); process.exit(3)"]\n',
    );
    const { said } = await refused({ inputs: { file: 'broken.Dockerfile' } });
    expect(said).toContain('broken.Dockerfile:3');
    expect(said).toContain('42');
  });
  test('because no Docker engine answers says how to start one', async () => {
    const { said } = await refused({ environment: { DOCKER_HOST: 'unix:///nowhere/docker.sock' } });
    expect(said).toMatch(/No Docker engine answers at unix:\/\/\/nowhere\/docker.sock.*DOCKER_HOST/s);
  });
});

describe('a missing permission is named before anything has changed:', () => {
  test.each([
    ['ecs', 'DescribeServices', 'ecs:DescribeServices'],
    ['ecs', 'UpdateService', 'ecs:UpdateService'],
    ['ecs', 'RegisterTaskDefinition', 'ecs:RegisterTaskDefinition'],
    ['elastic-load-balancing-v2', 'DescribeTargetHealth', 'elasticloadbalancing:DescribeTargetHealth'],
    ['cloudwatch', 'GetMetricData', 'cloudwatch:GetMetricData'],
  ])('%s %s', async (service, operation, action) => {
    await sandbox.fault({ service, operation, error: 'AccessDeniedException' });
    const { said } = await refused({ inputs: image });
    expect(said).toContain(`AWS denied ${action}`);
    expect(said).toContain(`allow ${action}`);
  });
  test('ecr GetAuthorizationToken', async () => {
    await sandbox.fault({
      service: 'ecr',
      operation: 'GetAuthorizationToken',
      error: 'AccessDeniedException',
    });
    const { said } = await refused({ commit: 'denied' });
    expect(said).toContain('allow ecr:GetAuthorizationToken');
  });
});

test('an expired session is reported as such', async () => {
  const { said } = await refused({ inputs: image, environment: { AWS_ACCESS_KEY_ID: 'EXPIRED1' } });
  expect(said).toMatch(/credentials.*expired.*configure-aws-credentials/);
});

test('missing credentials and a missing region each name the step to run before', async () => {
  const none = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_EC2_METADATA_DISABLED: 'true' };
  expect((await refused({ inputs: image, environment: none })).said).toMatch(
    /no AWS credentials.*id-token: write/,
  );
  const nowhere = { AWS_REGION: '', AWS_DEFAULT_REGION: '' };
  expect((await refused({ inputs: image, environment: nowhere })).said).toContain('No AWS region');
});

async function imageOfVersion1(): Promise<string> {
  const { ecs } = sandbox.aws;
  const { taskDefinition } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: 'shop-web:1' }),
  );
  return taskDefinition!.containerDefinitions![0]!.image!;
}

describe('an existing image', () => {
  test('is deployed by the current digest of its tag', async () => {
    const given = await imageOfVersion1();
    expect(given).toMatch(/:v1$/);
    const acted = await sandbox.run({ inputs: { image: given, 'dry-run': 'true' } });
    expect(acted.outputs['image']).toMatch(/\/shop\/web@sha256:[0-9a-f]{64}$/);
  });
  test('is refused first if its tag does not exist', async () => {
    const { said } = await refused({ inputs: { image: `${await imageOfVersion1()}1` } });
    expect(said).toMatch(/There is no image .*shop\/web:v11/);
  });
  test('in a registry that does not answer is deployed by its tag, with a warning', async () => {
    const acted = await sandbox.run({ inputs: { ...image, 'dry-run': 'true' } });
    expect(acted.outputs).toMatchObject({ outcome: 'unchanged', image: image.image });
    expect(acted.annotations).toContainEqual(
      expect.objectContaining({ level: 'warning', message: expect.stringContaining('NAME@sha256:DIGEST') }),
    );
  });
});

test('a dry run checks everything, reports what would change, and changes nothing', async () => {
  await appendFile(join(sandbox.workspace, 'web/.dockerignore'), '');
  const acted = await sandbox.run({
    inputs: { ...image, 'dry-run': 'true', 'environment-variables': 'LOG_LEVEL=debug' },
  });
  expect(acted.exitCode).toBe(0);
  expect(acted.outputs).toMatchObject({ outcome: 'unchanged' });
  expect(acted.summary).toContain('LOG_LEVEL');
  expect(acted.events.map(({ kind }) => kind)).not.toContain('rollout-started');
});
