import {
  DescribeTargetHealthCommand,
  DescribeRulesCommand,
  ModifyListenerCommand,
  type Action,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { openDeployedSandbox, type DeployedSandbox } from '../../../support/deployed-sandbox.ts';
import { call } from '../../cli/calls.ts';

jest.setTimeout(60_000);

// Somebody changes the weights of the production listener rule of a service at rest.
const env = { AWS_REGION: 'eu-west-1' };
const DIRTY = 4;

let sandbox: DeployedSandbox;
beforeEach(async () => {
  sandbox = await openDeployedSandbox();
  await sandbox.deploy(await sandbox.release('v2', 'b'.repeat(40)));
});
afterEach(() => sandbox.close());

const run = (...args: string[]) =>
  sandbox.until(
    call([...args, '--cluster', 'shop', '--service', 'web'], {
      env,
      clock: sandbox.clock,
      clients: sandbox.clients,
    }),
  );

/** The rule and its two target groups: the one with the tasks first. */
async function ruleOfWeb() {
  const ecs = await sandbox.bystander.ecs();
  const elb = await sandbox.bystander.elasticLoadBalancing();
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'] }));
  const entry = services![0]!.loadBalancers![0]!;
  const { productionListenerRule: rule, alternateTargetGroupArn: other } = entry.advancedConfiguration!;
  const groups = [entry.targetGroupArn!, other!];
  const counts = await Promise.all(
    groups.map(async (TargetGroupArn) => {
      const { TargetHealthDescriptions } = await elb.send(
        new DescribeTargetHealthCommand({ TargetGroupArn }),
      );
      return TargetHealthDescriptions!.length;
    }),
  );
  const [used, empty] = counts[0]! > 0 ? groups : groups.toReversed();
  return { elb, rule: rule!, used: used!, empty: empty! };
}

/** Sets the weights of the group with the tasks and of the empty one. */
async function setWeights(used: number, empty: number): Promise<void> {
  const found = await ruleOfWeb();
  const { Rules } = await found.elb.send(new DescribeRulesCommand({ RuleArns: [found.rule] }));
  const TargetGroups = [
    { TargetGroupArn: found.used, Weight: used },
    { TargetGroupArn: found.empty, Weight: empty },
  ];
  const actions: Action[] = [{ Type: 'forward', ForwardConfig: { TargetGroups } }];
  expect(Rules).toMatchObject([{ IsDefault: true }]);
  const ListenerArn = found.rule.replace('-rule', '').split('/').slice(0, -1).join('/');
  await found.elb.send(new ModifyListenerCommand({ ListenerArn, DefaultActions: actions }));
}

test.each([
  [0, 100, '100%'],
  [1, 1, '50%'],
])(
  'weights %s and %s: %s of the traffic reaches no task, and every command says so',
  async (used, empty, share) => {
    await setWeights(used, empty);
    const { rule, used: tasks, empty: nobody } = await ruleOfWeb();

    const status = await run('status');
    expect(status.code).toBe(DIRTY);
    expect(status.stdout).toContain(`${share} of the production traffic reaches no task`);
    for (const name of [rule, tasks, nobody, 'aws elbv2 modify-listener'])
      expect(status.stdout).toContain(name);
    expect(JSON.parse((await run('status', '--json')).stdout)).toMatchObject([
      { drift: expect.stringContaining(share) },
    ]);

    const reconciled = await run('reconcile', '--explain');
    expect(reconciled.code).toBe(DIRTY);
    expect(reconciled.stdout).toMatch(new RegExp(`shop/web: dirty: ${share} of the production traffic`));

    const before = sandbox.wire.calls.length;
    const plan = await run('plan', '--image', 'registry.example.com/shop/web@sha256:' + 'a'.repeat(64));
    expect(plan.code).toBe(1);
    expect(plan.stdout + plan.stderr).toContain(`${share} of the production traffic reaches no task`);
    expect(sandbox.wire.calls.length).toBeGreaterThan(before);
  },
);

test('weights 100 and 0 are no drift, whatever their scale', async () => {
  await setWeights(7, 0);
  const status = await run('status', '--json');
  expect(status.code).toBe(0);
  expect(JSON.parse(status.stdout)).toMatchObject([{ drift: null }]);
  expect((await run('reconcile')).code).toBe(0);
});

test('a rollout in progress is no drift: both target groups have tasks', async () => {
  await sandbox.ramp(await sandbox.release('v3', 'c'.repeat(40)), 30);
  const status = await run('status', '--json');
  expect(status.code).toBe(0);
  expect(JSON.parse(status.stdout)).toMatchObject([{ drift: null }]);
});

test('the checks before a release read the production rule and each target group once', async () => {
  const before = sandbox.wire.calls.length;
  expect((await run('plan', '--image', `registry.example.com/shop/web@sha256:${'a'.repeat(64)}`)).code).toBe(
    0,
  );
  const calls = sandbox.wire.calls.slice(before).map(({ operation }) => operation);
  const count = (name: string) => calls.filter((operation) => operation === name).length;
  expect(count('DescribeRules')).toBe(1);
  expect(count('DescribeTargetHealth')).toBe(2);
});
