import { DescribeServicesCommand, ListTaskDefinitionsCommand, TagResourceCommand } from '@aws-sdk/client-ecs';
import { afterEach, expect, jest, test } from '@jest/globals';
import { deployAction } from '../../../../src/inputs/actions/deploy.ts';
import { deployRequests } from '../../../../src/inputs/assemble.ts';
import { inputsFromEnvironment } from '../../../../src/inputs/raw-inputs.ts';
import { parseInputs } from '../../../../src/inputs/check.ts';
import { beginJob, type Job } from '../../../../src/commands/run/job.ts';
import { deploySeveral } from '../../../../src/commands/run/deploy-several.ts';
import { endOf } from '../../../../src/core/trail/outcome.ts';
import { identify } from '../../../../src/core/run.ts';
import type { AskAncestry } from '../../../../src/commands/deploy/commit-order/ancestry.ts';
import { MINUTE } from '../../../../src/core/time/clock.ts';
import { createTrail } from '../../../../src/core/trail/trail.ts';
import { environmentOf } from '../../inputs/request.ts';
import { createService } from '../../../support/simulated-service.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../support/simulated-aws.ts';

// Two simulated rollouts take some seconds.
jest.setTimeout(120_000);

const GOOD = `registry.example.com/shop/web@sha256:${'a'.repeat(64)}`;
const BAD = `registry.example.com/shop/web@sha256:${'b'.repeat(64)}`;

let aws: SimulatedAws;
afterEach(() => aws?.close());

const isOlder = async () => ({ relation: 'older' as const, says: 'git' });

interface Options {
  /** The inputs of the action that differ from the defaults in `deployWebAndApi`. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** The task definition family that api runs. Default: the family of web. */
  readonly familyOfApi?: string;
  /** The job is cancelled after an event of this kind. */
  readonly cancelOnEvent?: string;
  readonly commit?: string;
  /** The commit that each service runs, by service. */
  readonly liveCommits?: Readonly<Record<string, string>>;
  readonly ancestry?: AskAncestry;
}

/**
 * Deploys `GOOD` to the services web and api. api has no requests, so its evidence is inconclusive.
 * Returns the job of each service.
 */
async function deployWebAndApi({
  inputs = {},
  familyOfApi = 'web',
  cancelOnEvent,
  commit = '',
  liveCommits = {},
  ancestry,
}: Options = {}): Promise<Readonly<Record<string, Job>>> {
  aws = await createSimulatedAws({ versions: { [GOOD]: {}, [BAD]: { errorRate: 0.5 } } });
  const { clients, clock, bystander } = aws;
  const api = { name: 'api', port: 81, account: '123456789012', family: familyOfApi };
  await aws.until(createService(bystander, api));
  const ecs = await bystander.ecs();
  // A service that was just created is not live yet.
  if (Object.keys(liveCommits).length > 0) await clock.advance(5 * MINUTE);
  for (const [service, value] of Object.entries(liveCommits)) {
    const { services } = await ecs.send(
      new DescribeServicesCommand({ cluster: 'shop', services: [service] }),
    );
    const tags = [{ key: 'ecs-ramp:commit', value }];
    await ecs.send(new TagResourceCommand({ resourceArn: services![0]!.taskDefinition!, tags }));
  }
  const variables = environmentOf({
    service: 'web, api',
    cluster: 'shop',
    image: GOOD,
    steps: '50,100',
    'bake-time': '1m',
    'step-timeout': '8m',
    'warm-up': '0s',
    'on-inconclusive': 'continue',
    'keep-old': '0m',
    'aws-region': 'eu-west-1',
    ...inputs,
  });
  const env = { ...variables, GITHUB_SHA: commit };
  const parsed = parseInputs(deployAction, inputsFromEnvironment(env, deployAction), { env, workspace: '/' });
  const cancel = new AbortController();
  const jobs = deployRequests(parsed).map((request) => {
    const trail = createTrail({ clock, file: null });
    trail.subscribe(({ kind }) => {
      if (kind === cancelOnEvent) cancel.abort('SIGTERM');
    });
    return { request, trail };
  });
  for (const job of jobs) beginJob(job);
  const ports = {
    connect: () => clients,
    sessionEnd: 'never' as const,
    docker: () => Promise.reject(new Error('nothing is built')),
    clock,
    run: identify({}),
    ...(ancestry && { ancestry }),
    log: { say() {}, group() {}, endGroup() {} },
    mask() {},
    cancelled: cancel.signal,
  };
  await aws.until(deploySeveral(jobs, ports, { parallel: parsed.values.parallel }));
  return Object.fromEntries(jobs.map((job) => [job.request.service, job]));
}

const outcomes = (jobs: Readonly<Record<string, Job>>) =>
  Object.fromEntries(Object.entries(jobs).map(([service, job]) => [service, endOf(job.trail)?.outcome]));

const timeOf = ({ trail }: Job, kind: string) => trail.events.find((event) => event.kind === kind)!.at;

/** The task definition that each service runs, by service. */
async function liveTaskDefinitions(): Promise<Readonly<Record<string, string>>> {
  const ecs = await aws.bystander.ecs();
  const { services = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster: 'shop', services: ['web', 'api'] }),
  );
  return Object.fromEntries(
    services.map(({ serviceName, taskDefinition }) => [serviceName!, taskDefinition!.split('/').at(-1)!]),
  );
}

async function countTaskDefinitions(): Promise<number> {
  const ecs = await aws.bystander.ecs();
  const { taskDefinitionArns = [] } = await ecs.send(new ListTaskDefinitionsCommand({}));
  return taskDefinitionArns.length;
}

test('one revision is registered, and deployed to one service after the other', async () => {
  const jobs = await deployWebAndApi();
  expect(outcomes(jobs)).toEqual({ web: 'deployed', api: 'deployed' });
  // Each service had its own revision before.
  expect(await liveTaskDefinitions()).toEqual({ web: 'web:3', api: 'web:3' });
  expect(await countTaskDefinitions()).toBe(3);
  expect(timeOf(jobs['api']!, 'rollout-started')).toBeGreaterThanOrEqual(timeOf(jobs['web']!, 'finished'));
  expect(jobs['api']!.trail.events).toContainEqual(
    expect.objectContaining({
      kind: 'task-definition-ready',
      previousTaskDefinitionArn: expect.stringMatching(/web:2$/),
      changes: [expect.objectContaining({ after: GOOD })],
    }),
  );
});

test('in parallel, all start at once with the same revision, and end independently', async () => {
  const jobs = await deployWebAndApi({ inputs: { parallel: 'true' } });
  expect(outcomes(jobs)).toEqual({ web: 'deployed', api: 'deployed' });
  expect(await liveTaskDefinitions()).toEqual({ web: 'web:3', api: 'web:3' });
  expect(await countTaskDefinitions()).toBe(3);
  expect(timeOf(jobs['api']!, 'rollout-started')).toBeLessThan(timeOf(jobs['web']!, 'finished'));
  expect(timeOf(jobs['web']!, 'rollout-started')).toBeLessThan(timeOf(jobs['api']!, 'finished'));
});

test('if one runs a newer commit, none is changed, and each reports the reason', async () => {
  const [old, recent] = ['1'.repeat(40), '2'.repeat(40)];
  const jobs = await deployWebAndApi({ commit: old, liveCommits: { api: recent }, ancestry: isOlder });
  expect(outcomes(jobs)).toEqual({ web: 'failed', api: 'failed' });
  expect(endOf(jobs['web']!.trail)?.reason).toBe('Not started: api cannot be deployed.');
  expect(endOf(jobs['api']!.trail)?.reason).toMatch(
    /^The live release is newer: .* service api runs commit 2222222/,
  );
  expect(await liveTaskDefinitions()).toEqual({ web: 'web:1', api: 'web:2' });
  expect(await countTaskDefinitions()).toBe(2);
});

test('a service after one that was rolled back is not started, with the reason', async () => {
  const jobs = await deployWebAndApi({ inputs: { image: BAD } });
  expect(outcomes(jobs)).toEqual({ web: 'rolled-back', api: 'failed' });
  expect(endOf(jobs['api']!.trail)?.reason).toBe(
    'Not started: web was deployed first, with outcome rolled-back.',
  );
  expect(await liveTaskDefinitions()).toEqual({ web: 'web:1', api: 'web:2' });
});

test('a cancelled job rolls back the rollout in progress, and starts nothing more', async () => {
  const jobs = await deployWebAndApi({ cancelOnEvent: 'step-started' });
  expect(outcomes(jobs)).toEqual({ web: 'rolled-back', api: 'failed' });
  expect(endOf(jobs['api']!.trail)?.reason).toBe('Not started: The job was cancelled (SIGTERM).');
});

test('if one cannot be deployed, none is changed', async () => {
  const jobs = await deployWebAndApi({ inputs: { service: 'web, apo' } });
  expect(outcomes(jobs)).toEqual({ web: 'failed', apo: 'failed' });
  expect(endOf(jobs['apo']!.trail)?.reason).toContain('no service "apo"');
  expect(endOf(jobs['web']!.trail)?.reason).toBe('Not started: apo cannot be deployed.');
  expect(await countTaskDefinitions()).toBe(2);
});

test('services with different task definitions are refused without a file for all', async () => {
  const jobs = await deployWebAndApi({ familyOfApi: 'api' });
  expect(outcomes(jobs)).toEqual({ web: 'failed', api: 'failed' });
  expect(endOf(jobs['web']!.trail)?.reason).toContain('web runs web, api runs api');
  expect(await countTaskDefinitions()).toBe(2);
});
