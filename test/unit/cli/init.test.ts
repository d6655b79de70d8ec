import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { parse } from 'yaml';
import manifest from '../../../package.json' with { type: 'json' };
import { initFiles } from '../../../src/commands/init/init.ts';
import { mainAction } from '../../../src/inputs/actions/main.ts';
import { openDeployedSandbox, type DeployedSandbox } from '../../support/deployed-sandbox.ts';
import { call } from './calls.ts';

jest.setTimeout(60_000);

let cwd: string;
let sandbox: DeployedSandbox;
beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'ecs-ramp-init-'));
  sandbox = await openDeployedSandbox({
    firstImage: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web:v1',
  });
});
afterEach(async () => {
  rmSync(cwd, { recursive: true });
  await sandbox.close();
});

const init = (...args: readonly string[]) => {
  const { clock, clients, until } = sandbox;
  const env = { AWS_REGION: 'eu-west-1' };
  return until(
    call(['init', '--service', 'web', '--cluster', 'shop', ...args], { cwd, env, clock, clients }),
  );
};
const written = (file: string) => readFileSync(join(cwd, file), 'utf8');

test('a service that exists gets a configuration that validate accepts, and a workflow of this version', async () => {
  writeFileSync(join(cwd, 'Dockerfile'), 'FROM scratch\n');
  const { code, stdout, stderr } = await init();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(parse(written('ecs-ramp.yml'))).toMatchObject({
    defaults: { 'aws-region': 'eu-west-1', cluster: 'shop' },
    services: { web: { repository: 'shop/web', context: '.' } },
  });
  expect(await call(['validate'], { cwd })).toMatchObject({ code: 0 });
  const { jobs } = parse(written('.github/workflows/deploy.yml'));
  const step = jobs.deploy.steps.at(-1);
  expect(step.uses).toBe(`ecs-ramp/ecs-ramp@v${manifest.version}`);
  expect(Object.keys(mainAction.definitions)).toEqual(expect.arrayContaining(Object.keys(step.with)));
  expect(stdout).toContain('npx ecs-ramp policy --config ecs-ramp.yml --from-aws');
  expect(stdout).not.toContain('Could not be read');
});

test('files that exist are kept, unless --force is given', async () => {
  writeFileSync(join(cwd, 'ecs-ramp.yml'), 'mine\n');
  expect(await init()).toMatchObject({
    code: 2,
    stderr: 'ecs-ramp.yml: it exists. Use --force to overwrite it.',
  });
  expect(written('ecs-ramp.yml')).toBe('mine\n');
  const { code, stdout } = await init('--force');
  expect(code).toBe(0);
  expect(written('ecs-ramp.yml')).toContain('cluster: shop');
  expect(stdout).toContain('The Dockerfile: there is none here. Correct `context` in ecs-ramp.yml.');
});

test('what the service lacks or hides is said, each with what to do', () => {
  const { config, unknown } = initFiles({
    service: {
      serviceName: 'true',
      loadBalancers: [{ targetGroupArn: 'arn', containerName: 'app', containerPort: 8080 }],
    },
    taskDefinition: {
      containerDefinitions: [
        { name: 'app', image: 'nginx:1' },
        { name: 'log-router', image: 'fluent-bit' },
      ],
    },
    cluster: 'shop',
    region: 'eu-west-1',
    context: null,
    branch: null,
    version: '1.2.3',
  });
  expect(parse(config).services).toEqual({
    true: { repository: 'true', context: '.', 'container-name': 'app', strategy: 'rolling' },
  });
  expect(unknown.map((each) => each.split(':')[0])).toEqual([
    'The ECR repository',
    'The Dockerfile',
    'A second target group',
  ]);
});
