// A release whose old revision is kept, on an ECS with random settings. Whatever comes in that time,
// a next release gets in, a rollback takes seconds, and nothing of ecs-ramp is left.
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { expect, jest, test } from '@jest/globals';
import { reconcileServices } from '../../src/commands/reconcile/reconcile.ts';
import { rollBackRelease } from '../../src/commands/rollback/rollback.ts';
import { identify } from '../../src/core/run.ts';
import { HOUR, MINUTE, SECOND } from '../../src/core/time/clock.ts';
import { openDeployedSandbox, rollbackRequest, type DeployedSandbox } from '../support/deployed-sandbox.ts';
import { releaseJob } from '../support/release-job.ts';
import { rolloutRequest } from '../support/rollout-request.ts';
import { Chance } from './chance.ts';

jest.setTimeout(300_000);

const ENDINGS = ['release', 'rollback', 'release of the old', 'nothing'] as const;
const image = (tag: string) =>
  ({ kind: 'given', reference: `registry.example.com/shop/web:${tag}` }) as const;
const run = identify({ ECS_RAMP_CLAIM_WAIT: '1' });

test.each(Array.from({ length: 12 }, (_, seed) => seed))('seed %i', async (seed) => {
  const chance = new Chance(seed);
  const ending = ENDINGS[seed % ENDINGS.length]!;
  const moves: number[] = [];
  const box: { sandbox?: DeployedSandbox } = {};
  const sandbox = (box.sandbox = await openDeployedSandbox({
    seed,
    firstImage: image('v1').reference,
    desiredCount: chance.whole(1, 4),
    rate: chance.magnitude(20, 200),
    healthCheckSeconds: chance.oneOf(5, 10),
    timing: {
      reconcileInterval: chance.oneOf(1, 2, 5) * SECOND,
      schedulingDelay: chance.magnitude(1, 30) * SECOND,
      trafficShift: chance.oneOf(1, 10) * SECOND,
      partialConfiguration: chance.oneOf('merge', 'reset'),
      updateWhileDeploying: chance.oneOf('supersede-rolling', 'supersede', 'refuse'),
      postProductionShift: chance.oneOf('once', 'each step'),
    },
    watchWeights: () => void moves.push(box.sandbox?.clock.now() ?? 0),
  }));
  const { clock, clients, until } = sandbox;
  const rollout = rolloutRequest({
    strategy: chance.oneOf('canary', 'canary', 'blue-green'),
    steps: chance.oneOf([100], [10, 100], [30, 60, 100]),
    bakeTime: chance.whole(1, 3) * MINUTE,
    keepOld: chance.whole(30, 90) * MINUTE,
    onConflict: chance.oneOf('wait', 'fail'),
  });
  const serving = async () => {
    const ecs = await sandbox.bystander.ecs();
    const command = new DescribeServicesCommand({ cluster: 'shop', services: ['web'], include: ['TAGS'] });
    const { tags, deploymentConfiguration, runningCount, desiredCount, taskDefinition } = (
      await ecs.send(command)
    ).services![0]!;
    const { lifecycleHooks } = deploymentConfiguration!;
    return { tags, lifecycleHooks, isWhole: runningCount === desiredCount, taskDefinition };
  };
  const old = await sandbox.currentTaskDefinition();
  const { end } = await releaseJob(sandbox, { image: image('v2'), rollout });
  expect(end.outcome).toBe('deployed');
  const next = await sandbox.currentTaskDefinition();
  await clock.advance(chance.between(0, 20) * MINUTE);
  const since = clock.now();
  moves.length = 0;

  if (ending === 'release') {
    const { end: second } = await releaseJob(sandbox, {
      image: image('v3'),
      rollout: { ...rollout, keepOld: 0 },
    });
    expect(second).toMatchObject({ outcome: 'deployed' });
  } else if (ending === 'nothing') {
    const context = { clients, clock, run, tell() {} };
    const request = { clusters: ['shop'], services: ['web'], dryRun: false };
    const [found] = await until(reconcileServices(request, context));
    expect(found).toMatchObject({ state: 'in progress' });
    expect(moves).toEqual([]);
  } else {
    const result =
      ending === 'rollback'
        ? await until(
            rollBackRelease(rollbackRequest({ rollout }), {
              clients,
              clock,
              run,
              cancelled: new AbortController().signal,
              by: 'Anna',
              tell() {},
            }),
          )
        : (await releaseJob(sandbox, { image: image('v1'), rollout })).end;
    expect(result).toMatchObject({ outcome: 'deployed', canary: old });
    // Modules are still loading: on a busy machine the clock runs meanwhile.
    expect(moves.at(-1)! - since).toBeLessThan(5 * MINUTE);
  }
  await clock.advance(2 * HOUR);
  expect(await serving()).toMatchObject({
    tags: [],
    lifecycleHooks: [],
    isWhole: true,
    ...(ending === 'nothing' && { taskDefinition: next }),
    ...(ending.endsWith('old') && { taskDefinition: old }),
  });
  await sandbox.close();
});
