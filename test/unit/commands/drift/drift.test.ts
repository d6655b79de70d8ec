import {
  DescribeServicesCommand,
  StopServiceDeploymentCommand,
  TagResourceCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { DeleteRuleCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterEach, expect, jest, test } from '@jest/globals';
import { MINUTE } from '../../../../src/core/time/clock.ts';
import { openDeployedSandbox, type DeployedSandbox } from '../../../support/deployed-sandbox.ts';
import type { SimulatedAwsOptions } from '../../../support/simulated-aws.ts';
import {
  balancedWeb,
  createGroup,
  createListener,
  createRule,
  DIRTY,
  driftOf,
  forward,
  run,
  setActions,
} from './balanced-web.ts';

jest.setTimeout(60_000);

let sandbox: DeployedSandbox;
afterEach(() => sandbox.close());

/** Service `web` with a release of ecs-ramp that has ended. */
async function released(options: Partial<SimulatedAwsOptions> = {}): Promise<string> {
  sandbox = await openDeployedSandbox(options);
  const v2 = await sandbox.release('v2', 'b'.repeat(40));
  await ramped(v2);
  return v2;
}

/** A rollout of ecs-ramp from start to end. */
async function ramped(taskDefinitionArn: string): Promise<void> {
  await sandbox.ramp(taskDefinitionArn, 100);
  do await sandbox.clock.advance(MINUTE);
  while ((await sandbox.newest()).status !== 'SUCCESSFUL');
  await run(sandbox, 'reconcile');
}

const information = async (): Promise<string | null> =>
  JSON.parse((await run(sandbox, 'status', '--json')).stdout)[0].information;

test('a release of ecs-ramp is no drift, and neither is its return to a revision from before', async () => {
  sandbox = await openDeployedSandbox();
  const v1 = await sandbox.currentTaskDefinition();
  await ramped(await sandbox.release('v2', 'b'.repeat(40)));
  expect(await driftOf(sandbox)).toBeNull();
  await ramped(v1);
  expect(await driftOf(sandbox)).toBeNull();
});

test('a revision that somebody deployed after the last release is drift', async () => {
  await released();
  await sandbox.deploy(await sandbox.register('by-hand'));
  expect(await driftOf(sandbox)).toContain(
    'Service web runs web:3, which was deployed without ecs-ramp after its last release, web:2 (commit bbbbbbb, by anna). Release again, or return to it: `ecs-ramp rollback --cluster shop --service web --to web:2`.',
  );
});

test('a return by hand to an older release of ecs-ramp is drift', async () => {
  const v2 = await released();
  await ramped(await sandbox.release('v3', 'c'.repeat(40)));
  await sandbox.deploy(v2);
  expect(await driftOf(sandbox)).toContain('runs web:2, which was deployed without ecs-ramp');
});

test('a new deployment of the same release by hand is no drift', async () => {
  const v2 = await released();
  const ecs = await sandbox.bystander.ecs();
  await ecs.send(
    new UpdateServiceCommand({
      cluster: 'shop',
      service: 'web',
      taskDefinition: v2,
      forceNewDeployment: true,
      deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 },
    }),
  );
  await sandbox.clock.advance(20 * MINUTE);
  expect((await sandbox.newest()).status).toBe('SUCCESSFUL');
  expect(await driftOf(sandbox)).toBeNull();
});

test('a service that ecs-ramp never released has no drift', async () => {
  sandbox = await openDeployedSandbox();
  await sandbox.deploy(await sandbox.register('by-hand'));
  expect(await driftOf(sandbox)).toBeNull();
});

test('an aborted deployment leaves two revisions: drift until one is deployed', async () => {
  const v2 = await released();
  await sandbox.ramp(await sandbox.release('v3', 'c'.repeat(40)), 30);
  const ecs = await sandbox.bystander.ecs();
  const { arn } = await sandbox.newest();
  await ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: 'ABORT' }));
  await sandbox.clock.advance(30 * MINUTE);
  await run(sandbox, 'reconcile');
  expect(await driftOf(sandbox)).toContain(
    'and no deployment is in progress: the last one was stopped (ABORT) or failed, which leaves tasks and weights as they are.',
  );
  await ramped(v2);
  expect(await driftOf(sandbox)).toBeNull();
});

test('a deployment by hand in progress is no drift yet', async () => {
  await released();
  await sandbox.start(await sandbox.register('by-hand'), { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 30 });
  for (let minute = 0; minute < 10; minute++) {
    await sandbox.clock.advance(MINUTE);
    expect(await driftOf(sandbox)).toBeNull();
  }
});

test('a rule of another listener: information before the release that empties its group, drift after it', async () => {
  await released();
  const { used } = await balancedWeb(sandbox);
  const rule = await createListener(sandbox, 8081, forward({ [used]: 1 }));
  expect(await driftOf(sandbox)).toBeNull();
  expect(await information()).toContain(`Listener rule ${rule} also sends requests to service web`);
  await ramped(await sandbox.release('v3', 'c'.repeat(40)));
  const drift = await driftOf(sandbox);
  expect(drift).toContain(`Listener rule ${rule} also carries requests to the service: 100% of its traffic`);
  expect(drift).toContain('aws elbv2 modify-listener --listener-arn');
});

test('a path rule beside the production rule is compared, too', async () => {
  await released();
  const { empty } = await balancedWeb(sandbox);
  const rule = await createRule(sandbox, forward({ [empty]: 1 }));
  expect(await driftOf(sandbox)).toContain(`aws elbv2 modify-rule --rule-arn ${rule} --actions`);
});

test('a share for a target group of another service is drift, and prevents a release', async () => {
  await released();
  const { used, empty } = await balancedWeb(sandbox);
  const third = await createGroup(sandbox, 'legacy');
  await setActions(sandbox, forward({ [used]: 80, [empty]: 0, [third]: 20 }));
  const words = `20% of the production traffic goes to target group ${third}, which is not of service web`;
  expect(await driftOf(sandbox)).toContain(words);
  const plan = await run(
    sandbox,
    'plan',
    '--image',
    `registry.example.com/shop/web@sha256:${'a'.repeat(64)}`,
  );
  expect(plan.code).toBe(1);
  expect(plan.stdout + plan.stderr).toContain(words);
});

test('a third target group without weight is no drift', async () => {
  await released();
  const { used, empty } = await balancedWeb(sandbox);
  await setActions(sandbox, forward({ [used]: 80, [empty]: 0, [await createGroup(sandbox, 'legacy')]: 0 }));
  expect(await driftOf(sandbox)).toBeNull();
});

test('weights of 0 for every target group are drift', async () => {
  await released();
  const { used, empty } = await balancedWeb(sandbox);
  await setActions(sandbox, forward({ [used]: 0, [empty]: 0 }));
  expect(await driftOf(sandbox)).toContain('100% of the production traffic reaches no task: listener rule');
});

test('a production rule that forwards nowhere is drift', async () => {
  await released();
  const response = { StatusCode: '503', ContentType: 'text/plain', MessageBody: 'back soon' };
  await setActions(sandbox, { Type: 'fixed-response', FixedResponseConfig: response });
  expect(await driftOf(sandbox)).toContain('is not on the production listener rule');
});

test('a test listener rule that does not exist any more is drift', async () => {
  await released();
  const { used, empty } = await balancedWeb(sandbox);
  const rule = await createRule(sandbox, forward({ [used]: 1, [empty]: 0 }));
  const elb = await sandbox.bystander.elasticLoadBalancing();
  await (
    await sandbox.bystander.ecs()
  ).send(
    new UpdateServiceCommand({
      cluster: 'shop',
      service: 'web',
      loadBalancers: [await entryWithTestRule(rule)],
    }),
  );
  await sandbox.clock.advance(30 * MINUTE);
  expect(await driftOf(sandbox)).toBeNull();
  await elb.send(new DeleteRuleCommand({ RuleArn: rule }));
  expect(await driftOf(sandbox)).toContain(`There is no listener rule ${rule}`);
});

async function entryWithTestRule(testListenerRule: string) {
  const ecs = await sandbox.bystander.ecs();
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }));
  const entry = services![0]!.loadBalancers![0]!;
  return { ...entry, advancedConfiguration: { ...entry.advancedConfiguration!, testListenerRule } };
}

test('tasks that ECS cannot place are drift; tasks that are just starting are not', async () => {
  let room = true;
  await released({
    timing: { whyNoPlace: () => (room ? null : 'No Container Instances were found in your cluster.') },
  });
  const scale = async (desiredCount: number) =>
    (await sandbox.bystander.ecs()).send(
      new UpdateServiceCommand({ cluster: 'shop', service: 'web', desiredCount }),
    );
  await scale(3);
  expect(await driftOf(sandbox)).toBeNull();
  await sandbox.clock.advance(5 * MINUTE);
  room = false;
  await scale(4);
  await sandbox.clock.advance(MINUTE);
  expect(await driftOf(sandbox)).toContain(
    '3 of 4 tasks of service web run, and ECS cannot start the others: (service web) was unable to place a task.',
  );
});

test('what a killed run left is red for status, and reconcile removes it', async () => {
  sandbox = await openDeployedSandbox();
  await sandbox.ramp(await sandbox.release('v2', 'b'.repeat(40)), 30);
  expect((await run(sandbox, 'status')).code).toBe(0);
  await sandbox.clock.advance(45 * MINUTE);
  const left = await run(sandbox, 'status');
  expect(left.code).toBe(DIRTY);
  expect(left.stdout).toContain('left by a run that was killed: the pause hook or the tags of a rollout');
  expect((await run(sandbox, 'reconcile')).code).toBe(0);
  expect((await run(sandbox, 'status')).code).toBe(0);
});

test('a run tag that somebody edited is red for status and for reconcile', async () => {
  await released();
  const ecs = await sandbox.bystander.ecs();
  await ecs.send(
    new TagResourceCommand({
      resourceArn: 'arn:aws:ecs:eu-west-1:123456789012:service/shop/web',
      tags: [{ key: 'ecs-ramp:lease', value: 'do not touch' }],
    }),
  );
  const status = await run(sandbox, 'status');
  expect(status.code).toBe(DIRTY);
  expect(status.stdout).toContain('the tag ecs-ramp:lease was edited by hand');
  expect((await run(sandbox, 'reconcile')).code).toBe(DIRTY);
});
