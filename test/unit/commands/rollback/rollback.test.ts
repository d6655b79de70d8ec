import {
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { DeployResult } from '../../../../src/commands/deploy/result.ts';
import type { RollbackRequest } from '../../../../src/core/request.ts';
import { identify } from '../../../../src/core/run.ts';
import { rollBackRelease } from '../../../../src/commands/rollback/rollback.ts';
import { SECOND } from '../../../../src/core/time/clock.ts';
import { shareOnRule } from '../../../../src/rollout/strategies/canary/listener-rule.ts';
import type { Event, NewEvent } from '../../../../src/core/trail/event.ts';
import {
  openDeployedSandbox,
  rollbackRequest,
  type DeployedSandbox,
} from '../../../support/deployed-sandbox.ts';

// Minutes of simulated time take some seconds.
jest.setTimeout(120_000);

let sandbox: DeployedSandbox | null = null;
afterEach(async () => {
  await sandbox?.close();
  sandbox = null;
});

interface Told {
  readonly result: DeployResult;
  readonly events: readonly Event[];
  readonly of: <K extends NewEvent['kind']>(kind: K) => readonly Extract<Event, { kind: K }>[];
  /** The number of AWS calls up to and including the rollback request. */
  readonly callsUntilStop: number;
}

async function rollBackOn(
  { clients, clock, until, wire }: DeployedSandbox,
  different: Partial<RollbackRequest> = {},
): Promise<Told> {
  const events: Event[] = [];
  const before = wire.calls.length;
  const result = await until(
    rollBackRelease(rollbackRequest(different), {
      clients,
      clock,
      run: identify({ ECS_RAMP_CLAIM_WAIT: '1' }),
      cancelled: new AbortController().signal,
      by: 'Anna',
      tell: (event) => events.push({ ...event, at: clock.now() }),
    }),
  );
  const calls = wire.calls.slice(before).map(({ operation }) => operation);
  return {
    result,
    events,
    of: <K extends NewEvent['kind']>(kind: K) =>
      events.filter((event): event is Extract<Event, { kind: K }> => event.kind === kind),
    callsUntilStop: calls.indexOf('StopServiceDeployment') + 1,
  };
}

const V1_SHARE = async ({ clients, rule, targetGroups }: DeployedSandbox) =>
  shareOnRule(await clients.elasticLoadBalancing(), rule, targetGroups[0]);

async function leftOnService({ bystander }: DeployedSandbox) {
  const ecs = await bystander.ecs();
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }));
  const { tags } = await ecs.send(
    new ListTagsForResourceCommand({ resourceArn: 'arn:aws:ecs:eu-west-1:123456789012:service/shop/web' }),
  );
  return { hooks: services![0]!.deploymentConfiguration!.lifecycleHooks, tags };
}

describe('while the old revision still runs', () => {
  test.each([0, 30, 90, 100])('at %i% one call rolls everything back', async (percent) => {
    sandbox = await openDeployedSandbox();
    const v1 = await sandbox.currentTaskDefinition();
    await sandbox.ramp(await sandbox.release('v2', 'b'.repeat(40)), percent);
    const { result, of, callsUntilStop } = await rollBackOn(sandbox);
    expect(result).toMatchObject({ outcome: 'deployed', canaryPercent: 100, canary: v1 });
    expect(result.reason).toBe(
      'web:1 serves again instead of web:2 (commit bbbbbbb, by anna) (verified). Anna requested the rollback.',
    );
    expect(await V1_SHARE(sandbox)).toBe(100);
    expect(await sandbox.currentTaskDefinition()).toBe(v1);
    expect(await leftOnService(sandbox)).toEqual({ hooks: [], tags: [] });
    expect(of('rollback-planned')).toMatchObject([
      {
        from: { commit: 'b'.repeat(40), run: 'https://github.com/shop/web/actions/runs/v2' },
        because: expect.stringContaining(`${percent}%`),
      },
    ]);
    expect(of('rollback-requested')).toMatchObject([{ percent, cause: 'request' }]);
    expect(callsUntilStop).toBeLessThanOrEqual(7);
    const back = of('notice').map(({ message, at }) => ({
      message,
      after: at - of('rollback-requested')[0]!.at,
    }));
    if (percent === 0) return expect(back).toEqual([]);
    expect(back).toEqual([
      {
        message: expect.stringMatching(/^All production traffic is on web:1 again, \ds after the request\.$/),
        after: expect.any(Number),
      },
    ]);
    expect(back[0]!.after).toBeLessThanOrEqual(3 * SECOND);
  });

  test('a deployment by another tool is rolled back too, and reported as such', async () => {
    sandbox = await openDeployedSandbox();
    await sandbox.start(await sandbox.release('v2', 'b'.repeat(40)), {
      strategy: 'BLUE_GREEN',
      bakeTimeInMinutes: 30,
    });
    while ((await sandbox.newest()).stage !== 'BAKE_TIME') await sandbox.clock.advance(SECOND);
    const { result, of } = await rollBackOn(sandbox);
    expect(result.outcome).toBe('deployed');
    expect(of('rollback-planned')[0]!.because).toContain('It was not started by ecs-ramp.');
    expect(await V1_SHARE(sandbox)).toBe(100);
  });

  test('a rolling update is verified by the ECS status, because it has no weights', async () => {
    sandbox = await openDeployedSandbox();
    const v1 = await sandbox.currentTaskDefinition();
    await sandbox.start(await sandbox.release('v2', 'b'.repeat(40)), { strategy: 'ROLLING' });
    await sandbox.clock.advance(5 * SECOND);
    const { result } = await rollBackOn(sandbox);
    expect(result).toMatchObject({ outcome: 'deployed', canary: v1 });
    expect(await sandbox.currentTaskDefinition()).toBe(v1);
  });

  test('a dry run reports what would be done, and changes nothing', async () => {
    sandbox = await openDeployedSandbox();
    await sandbox.ramp(await sandbox.release('v2', 'b'.repeat(40)), 30);
    const { result, of, callsUntilStop } = await rollBackOn(sandbox, { dryRun: true });
    expect(result).toMatchObject({
      outcome: 'unchanged',
      reason: expect.stringMatching(/^Dry run: .*would be rolled back/),
    });
    expect(of('rollback-planned')).toHaveLength(1);
    expect(callsUntilStop).toBe(0);
    expect(await sandbox.newest()).toMatchObject({ status: 'IN_PROGRESS' });
  });

  const denied = { error: 'AccessDeniedException', times: 10 };

  test('if stopping is denied at a pause, the pause is answered instead', async () => {
    sandbox = await openDeployedSandbox();
    await sandbox.ramp(await sandbox.release('v2', 'b'.repeat(40)), 30);
    sandbox.wire.faults.add([{ service: 'ecs', operation: 'StopServiceDeployment', ...denied }]);
    expect((await rollBackOn(sandbox)).result.outcome).toBe('deployed');
  });

  test('a denied call is reported with the permission, and nothing is changed', async () => {
    sandbox = await openDeployedSandbox();
    await sandbox.ramp(await sandbox.release('v2', 'b'.repeat(40)), 30);
    sandbox.wire.faults.add([
      { service: 'ecs', operation: 'StopServiceDeployment', ...denied },
      { service: 'ecs', operation: 'ContinueServiceDeployment', ...denied },
    ]);
    await expect(rollBackOn(sandbox)).rejects.toThrow('allow ecs:StopServiceDeployment');
    expect(await sandbox.newest()).toMatchObject({ status: 'IN_PROGRESS' });
  });

  test('a second run monitors the rollback in progress and does not request it again', async () => {
    sandbox = await openDeployedSandbox();
    await sandbox.ramp(await sandbox.release('v2', 'b'.repeat(40)), 100);
    const running = rollBackOn(sandbox);
    const again = await Promise.all([running, rollBackOn(sandbox)]);
    expect(again.map(({ result }) => result.outcome)).toEqual(['deployed', 'deployed']);
  });
});

describe('when the old revision no longer runs', () => {
  test('the previous release is rolled out again, in one step by default', async () => {
    sandbox = await openDeployedSandbox();
    const v1 = await sandbox.currentTaskDefinition();
    await sandbox.deploy(await sandbox.release('v2', 'b'.repeat(40)));
    const { result, of } = await rollBackOn(sandbox);
    expect(result).toMatchObject({ outcome: 'deployed', canaryPercent: 100, canary: v1 });
    expect(of('step-started').map(({ percent }) => percent)).toEqual([100]);
    expect(of('rollback-planned')).toMatchObject([
      { serviceDeploymentArn: null, to: { taskDefinitionArn: v1 } },
    ]);
    expect(await sandbox.currentTaskDefinition()).toBe(v1);
    expect(await leftOnService(sandbox)).toEqual({ hooks: [], tags: [] });
  });

  test('with steps it is evaluated against the bad release', async () => {
    sandbox = await openDeployedSandbox({ versions: { v2: { errorRate: 0.2 } } });
    const v1 = await sandbox.currentTaskDefinition();
    await sandbox.deploy(await sandbox.release('v2', 'b'.repeat(40)));
    const { rollout } = rollbackRequest();
    const { result, of } = await rollBackOn(sandbox, { rollout: { ...rollout, steps: [10, 100] } });
    expect(result).toMatchObject({ outcome: 'deployed', canary: v1 });
    expect(of('step-passed').map(({ percent }) => percent)).toEqual([0, 10]);
  });

  test('a second run changes nothing: the newest release is already rolled back', async () => {
    sandbox = await openDeployedSandbox();
    const v1 = await sandbox.currentTaskDefinition();
    await sandbox.deploy(await sandbox.release('v2', 'b'.repeat(40)));
    await sandbox.deploy(await sandbox.release('v3', 'c'.repeat(40)));
    const v2 = (await rollBackOn(sandbox)).result.canary;
    await sandbox.clock.advance(15 * 60 * SECOND);
    const { result, of } = await rollBackOn(sandbox);
    expect(result).toMatchObject({ outcome: 'unchanged', canary: v2 });
    expect(result.reason).toMatch(
      /web:3, is already rolled back: web:2 has been live again since .* set to: web:1/,
    );
    expect(of('notice')).toMatchObject([{ level: 'warning' }]);
    expect((await rollBackOn(sandbox, { to: v1.split('/').at(-1)! })).result).toMatchObject({
      outcome: 'deployed',
      canary: v1,
    });
  });

  test('after an automatic rollback there is nothing to do', async () => {
    sandbox = await openDeployedSandbox();
    const v1 = await sandbox.currentTaskDefinition();
    await sandbox.ramp(await sandbox.release('v2', 'b'.repeat(40)), 30);
    await sandbox.clock.advance(40 * 60 * SECOND);
    expect(await sandbox.newest()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
    const { result } = await rollBackOn(sandbox);
    expect(result).toMatchObject({
      outcome: 'unchanged',
      canary: v1,
      reason: expect.stringContaining('ECS lists no earlier release'),
    });
  });

  test('a commit can be given, also abbreviated', async () => {
    sandbox = await openDeployedSandbox();
    const v2 = await sandbox.release('v2', 'b'.repeat(40));
    await sandbox.deploy(v2);
    await sandbox.deploy(await sandbox.release('v3', 'c'.repeat(40)));
    await sandbox.deploy(await sandbox.release('v4', 'd'.repeat(40)));
    const { result } = await rollBackOn(sandbox, { to: 'bbbbbbbb' });
    expect(result).toMatchObject({ outcome: 'deployed', canary: v2 });
    await expect(rollBackOn(sandbox, { to: 'eeeeeeee' })).rejects.toThrow(
      /none of the service's last \d deployments deployed commit eeeeeeee. They deployed .*ccccccc/,
    );
    await expect(rollBackOn(sandbox, { to: 'web:77' })).rejects.toThrow(
      'ECS has no task definition "web:77"',
    );
  });

  test('a deregistered task definition is registered again, with its content and its provenance', async () => {
    sandbox = await openDeployedSandbox();
    const v1 = await sandbox.currentTaskDefinition();
    await sandbox.deploy(await sandbox.release('v2', 'b'.repeat(40)));
    const ecs = await sandbox.bystander.ecs();
    await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: v1 }));
    const { result, of } = await rollBackOn(sandbox);
    expect(result).toMatchObject({ outcome: 'deployed', canary: v1.replace('web:1', 'web:3') });
    expect(of('notice')[0]!.message).toBe(
      'Task definition web:1 was deregistered: its content is registered again as web:3.',
    );
    const { taskDefinition, tags } = await ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: 'web:3', include: ['TAGS'] }),
    );
    expect(taskDefinition!.containerDefinitions).toMatchObject([{ image: 'v1' }]);
    expect(tags).toContainEqual({ key: 'ecs-ramp:return-to', value: 'web:1' });
    await sandbox.clock.advance(15 * 60 * SECOND);
    expect((await rollBackOn(sandbox)).result.outcome).toBe('unchanged');
  });

  test('a release without its image in ECR is refused before anything starts', async () => {
    const image = `123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/web@sha256:${'0'.repeat(64)}`;
    sandbox = await openDeployedSandbox({ firstImage: image });
    await sandbox.deploy(await sandbox.release('v2', 'b'.repeat(40)));
    const asked: unknown[] = [];
    const send = (command: { readonly input: unknown }) => {
      asked.push(command.input);
      return Promise.reject(Object.assign(new Error('gone'), { name: 'ImageNotFoundException' }));
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the two members that are used
    const ecr = async () => ({ config: { region: async () => 'eu-west-1' }, send }) as never;
    await expect(rollBackOn({ ...sandbox, clients: { ...sandbox.clients, ecr } })).rejects.toThrow(
      `but its image is not in ECR any more: ${image}`,
    );
    expect(asked).toEqual([
      {
        registryId: '123456789012',
        repositoryName: 'shop/web',
        imageIds: [{ imageDigest: `sha256:${'0'.repeat(64)}` }],
      },
    ]);
    expect(await sandbox.newest()).toMatchObject({ status: 'SUCCESSFUL' });
  });

  test('the first release has no earlier release', async () => {
    sandbox = await openDeployedSandbox();
    await expect(rollBackOn(sandbox)).rejects.toThrow(/^There is no earlier release to roll back to/);
  });
});
