import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, jest, test } from '@jest/globals';
import { EXAMPLE_POLICY, EXAMPLE_TRUST } from '../../../script/permissions.ts';
import type { PolicyDocument, Statement } from '../../../src/commands/policy/document.ts';
import { createSimulatedAws, type SimulatedAws } from '../../support/simulated-aws.ts';
import { call } from './calls.ts';

jest.setTimeout(60_000);

const cwd = mkdtempSync(join(tmpdir(), 'cli-policy-'));
afterAll(() => rmSync(cwd, { recursive: true }));
let aws: SimulatedAws | null = null;
afterEach(async () => {
  await aws?.close();
  aws = null;
});

const env = { AWS_REGION: 'eu-central-1' };
const WEB = ['--service', 'web', '--cluster', 'shop', '--account', '123456789012'];
const KNOWN =
  '--family shop-web --task-roles shop-execution,shop-web-task --log-groups /shop/web --infrastructure-role shop-infrastructure'.split(
    ' ',
  );

async function print(...args: string[]): Promise<PolicyDocument> {
  const { code, stdout, stderr } = await call(['policy', ...args], { cwd, env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

const actionsOf = ({ Statement: statements }: PolicyDocument) => statements.flatMap(({ Action }) => Action);
const named = ({ Statement: statements }: PolicyDocument, sid: string): Statement | undefined =>
  statements.find(({ Sid }) => Sid === sid);

const definition = (family: string, role: string) =>
  JSON.stringify({
    family,
    executionRoleArn: `arn:aws:iam::123456789012:role/${role}`,
    containerDefinitions: [
      {
        name: 'app',
        logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': `/${family}` } },
      },
    ],
  });

describe('ecs-ramp policy', () => {
  test('prints the policy of the documentation for the service of the documentation', async () => {
    const uses = 'deploy,plan,rollback,reconcile,continue,abort,status,history,judge';
    const printed = await print(
      ...WEB,
      ...KNOWN,
      '--repository',
      'shop/web',
      '--alarms',
      'errors',
      '--for',
      uses,
    );
    expect(printed).toEqual(EXAMPLE_POLICY);
  });

  test('leaves out permissions that the service does not require', async () => {
    const actions = actionsOf(await print(...WEB, ...KNOWN));
    expect(actions).toContain('ecs:UpdateService');
    expect(actions.filter((action) => /^ecr:|DescribeAlarms/.test(action))).toEqual([]);
    const without = '--family worker --infrastructure-role none --task-roles none --log-groups none';
    const worker = await print(...WEB, ...without.split(' '));
    expect(actionsOf(worker).filter((action) => /^(elastic|iam|logs)/.test(action))).toEqual([]);
  });

  test('gives a read-only role only reads, for one service or for a whole cluster', async () => {
    const one = await print(...WEB, '--for', 'status,history,plan,judge');
    expect(actionsOf(one).filter((action) => !/:(Describe|List|Get)/.test(action))).toEqual([]);
    const all = await print('--cluster', 'shop', '--account', '123456789012', '--for', 'status');
    expect(named(all, 'Service')).toMatchObject({
      Resource: 'arn:aws:ecs:eu-central-1:123456789012:service/shop/*',
    });
  });

  test('lists all missing names and never replaces them with *', async () => {
    const { code, stdout, stderr } = await call(['policy', '--service', 'web'], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    for (const name of [
      'aws-region',
      'account',
      'family',
      'task-roles',
      'log-groups',
      'infrastructure-role',
    ]) {
      expect(stderr).toContain(`--${name}: it is unknown`);
    }
    expect((await call(['policy'], { cwd, env })).stderr).toContain('--service: it is missing');
  });

  test('reads names from AWS that are not given', async () => {
    aws = await createSimulatedAws({ versions: {} });
    const { clients, until } = aws;
    const args = ['policy', '--service', 'web', '--cluster', 'shop', '--from-aws'];
    const { code, stdout } = await until(call(args, { cwd, clients, env: { AWS_REGION: 'eu-west-1' } }));
    expect(code).toBe(0);
    const printed: PolicyDocument = JSON.parse(stdout);
    expect(named(printed, 'TaskDefinition')?.Resource).toBe(
      'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:*',
    );
    expect(named(printed, 'InfrastructureRole')?.Resource).toBe(
      'arn:aws:iam::123456789012:role/ecs-infrastructure',
    );
  });

  describe('of ecs-ramp.yml', () => {
    writeFileSync(join(cwd, 'web.json'), definition('shop-web', 'web'));
    writeFileSync(join(cwd, 'api.json'), definition('shop-api', 'api'));
    writeFileSync(
      join(cwd, 'ecs-ramp.yml'),
      [
        'defaults:',
        '  cluster: shop',
        '  task-definition: "{service}.json"',
        '  role-to-assume: arn:aws:iam::123456789012:role/deploy',
        'services:',
        '  web: { repository: shop/web, alarms: [errors] }',
        '  api: { registry: registry.example.com, repository: shop/api }',
      ].join('\n'),
    );

    test('prints the policy for one service from the file and its task definition', async () => {
      const args = '--config ecs-ramp.yml --service web --infrastructure-role ecs'.split(' ');
      const printed = await print(...args);
      expect(named(printed, 'Repository')?.Resource).toMatch(/:repository\/shop\/web$/);
      expect(named(printed, 'RolesOfTheTasks')?.Resource).toBe('arn:aws:iam::123456789012:role/web');
      expect(named(printed, 'LogOfAFailedTask')?.Resource).toMatch(/log-group:\/shop-web:log-stream:\*$/);
      expect(actionsOf(printed)).toContain('cloudwatch:DescribeAlarms');
    });

    test('requires no infrastructure role and three reads for a rolling service', async () => {
      writeFileSync(join(cwd, 'batches.json'), definition('shop-batches', 'batches'));
      writeFileSync(
        join(cwd, 'rolling.yml'),
        'defaults: { cluster: shop, task-definition: "{service}.json" }\nservices: { batches: { repository: shop/web, strategy: rolling } }\n',
      );
      const printed = await print(
        ...'--config rolling.yml --service batches --account 123456789012'.split(' '),
      );
      expect(named(printed, 'InfrastructureRole')).toBeUndefined();
      expect(
        actionsOf(printed)
          .filter((action) => action.startsWith('elastic'))
          .toSorted(),
      ).toEqual([
        'elasticloadbalancing:DescribeTargetGroupAttributes',
        'elasticloadbalancing:DescribeTargetGroups',
        'elasticloadbalancing:DescribeTargetHealth',
      ]);
    });

    test('prints several services, each with only its own names', async () => {
      const printed = await print('--config', 'ecs-ramp.yml', '--for', 'status,history');
      expect(named(printed, 'Service')?.Resource).toEqual([
        'arn:aws:ecs:eu-central-1:123456789012:service/shop/web',
        'arn:aws:ecs:eu-central-1:123456789012:service/shop/api',
      ]);
      const { code, stderr } = await call(
        ['policy', '--config', 'ecs-ramp.yml', '--infrastructure-role', 'ecs'],
        { cwd, env },
      );
      expect(code).toBe(2);
      expect(stderr).toContain('--infrastructure-role: it would be the same for several services');
    });
  });
});

describe('ecs-ramp policy --trust', () => {
  const GITHUB = ['--account', '123456789012', '--github', 'OWNER/NAME'];

  test('prints the trust policy of the documentation', async () => {
    const branch = ['--branch', 'main', '--environment', 'production'];
    expect(await print('--trust', ...GITHUB, ...branch)).toEqual(EXAMPLE_TRUST);
  });

  test('prints the trust policy of a role for the plans of pull requests, and for nothing else', async () => {
    const plan = await print('--trust', ...GITHUB, '--pull-requests');
    const subject = plan.Statement[0]!.Condition!['StringEquals']!;
    expect(subject['token.actions.githubusercontent.com:sub']).toBe('repo:OWNER/NAME:pull_request');
    const both = await call(['policy', '--trust', ...GITHUB, '--pull-requests', '--branch', 'main'], {
      cwd,
      env,
    });
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('--pull-requests: ') });
  });

  test('prints the trust policy of a GitHub Enterprise Server', async () => {
    const issuer = ['--issuer', 'github.example.com/_services/token'];
    const { Statement } = await print('--trust', ...GITHUB, '--branch', 'main', ...issuer);
    expect(JSON.stringify(Statement)).not.toContain('githubusercontent');
    expect(Statement[0]).toMatchObject({
      Principal: {
        Federated: 'arn:aws:iam::123456789012:oidc-provider/github.example.com/_services/token',
      },
      Condition: {
        StringEquals: {
          'github.example.com/_services/token:sub': 'repo:OWNER/NAME:ref:refs/heads/main',
        },
      },
    });
    const url = await call(['policy', '--trust', ...GITHUB, '--branch', 'main', '--issuer', 'https://x/*'], {
      cwd,
      env,
    });
    expect(url).toMatchObject({ code: 2, stderr: expect.stringContaining('--issuer: ') });
  });

  test('reports missing options and rejects wildcards', async () => {
    const nothing = await call(['policy', '--trust'], { cwd, env });
    for (const name of ['--account', '--github', '--branch']) expect(nothing.stderr).toContain(`${name}: `);
    const wide = await call(['policy', '--trust', ...GITHUB, '--branch', 'release/*'], { cwd, env });
    expect(wide).toMatchObject({ code: 2, stderr: expect.stringContaining('without wildcards') });
  });
});
