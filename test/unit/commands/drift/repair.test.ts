import { DescribeServicesCommand } from '@aws-sdk/client-ecs';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { openDeployedSandbox, type DeployedSandbox } from '../../../support/deployed-sandbox.ts';
import {
  balancedWeb,
  createGroup,
  createRule,
  DIRTY,
  forward,
  ruleNamed,
  run,
  setActions,
  type BalancedWeb,
} from './balanced-web.ts';

jest.setTimeout(60_000);

let sandbox: DeployedSandbox;
let web: BalancedWeb;
beforeEach(async () => {
  sandbox = await openDeployedSandbox();
  await sandbox.deploy(await sandbox.release('v2', 'b'.repeat(40)));
  web = await balancedWeb(sandbox);
});
afterEach(() => sandbox.close());

async function weights(rule = web.rule): Promise<Readonly<Record<string, number>>> {
  const actions = (await ruleNamed(sandbox, rule)).Actions!;
  const groups = actions.at(-1)!.ForwardConfig!.TargetGroups!;
  return Object.fromEntries(groups.map(({ TargetGroupArn, Weight }) => [TargetGroupArn!, Weight!]));
}

async function reconciled(...args: string[]) {
  const { code, stdout } = await run(sandbox, 'reconcile', ...args);
  const { services }: { services: [{ state: string; reason: string }] } = JSON.parse(stdout);
  return { code, ...services[0] };
}

test.each([
  [0, 100],
  [1, 1],
  [0, 0],
  [999, 999],
])('weights %s and %s: everything goes to the target group with the tasks again', async (used, empty) => {
  await setActions(sandbox, forward({ [web.used]: used, [web.empty]: empty }));
  const { code, state, reason } = await reconciled('--repair');
  expect({ code, state }).toEqual({ code: 0, state: 'repaired' });
  expect(reason).toContain(
    `the weights were ${used} for ${web.used}, ${empty} for ${web.empty} and are now 100`,
  );
  expect(await weights()).toEqual({ [web.used]: 100, [web.empty]: 0 });
  expect((await run(sandbox, 'status')).code).toBe(0);
  const { services } = await (
    await sandbox.bystander.ecs()
  ).send(new DescribeServicesCommand({ cluster: 'shop', services: ['web'], include: ['TAGS'] }));
  expect(services![0]!.tags ?? []).toEqual([]);
});

test('without repair, and in a dry run, nothing is changed', async () => {
  await setActions(sandbox, forward({ [web.used]: 0, [web.empty]: 100 }));
  expect(await reconciled()).toMatchObject({ code: DIRTY, state: 'dirty' });
  expect(await reconciled('--repair', '--dry-run')).toMatchObject({
    code: DIRTY,
    reason: expect.stringContaining(`would get 100 for ${web.used}, 0 for ${web.empty} (dry run)`),
  });
  expect(await weights()).toEqual({ [web.used]: 0, [web.empty]: 100 });
});

test('every other action of a rule stays as it is: authentication, stickiness, another target group', async () => {
  const third = await createGroup(sandbox, 'legacy');
  const login = {
    Type: 'authenticate-oidc' as const,
    Order: 1,
    AuthenticateOidcConfig: {
      Issuer: 'https://login.example.com',
      AuthorizationEndpoint: 'https://login.example.com/authorize',
      TokenEndpoint: 'https://login.example.com/token',
      UserInfoEndpoint: 'https://login.example.com/user',
      ClientId: 'web',
    },
  };
  const rule = await createRule(sandbox, login, {
    ...forward({ [web.empty]: 90, [third]: 10 }),
    Order: 2,
    ForwardConfig: {
      ...forward({ [web.empty]: 90, [third]: 10 }).ForwardConfig,
      TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 600 },
    },
  });
  const before = await ruleNamed(sandbox, rule);
  expect((await run(sandbox, 'status')).stdout).toContain('which keeps the other actions of the rule');
  expect(await reconciled('--repair')).toMatchObject({ code: 0, state: 'repaired' });
  const after = await ruleNamed(sandbox, rule);
  expect(after.Conditions).toEqual(before.Conditions);
  expect(after.Actions).toMatchObject([
    // AWS never returns the client secret.
    { ...login, AuthenticateOidcConfig: { ...login.AuthenticateOidcConfig, UseExistingClientSecret: true } },
    { Order: 2, ForwardConfig: { TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 600 } } },
  ]);
  expect(await weights(rule)).toEqual({ [web.empty]: 0, [third]: 10, [web.used]: 90 });
});

test('during a deployment nothing is changed: ECS moves the weights', async () => {
  await sandbox.ramp(await sandbox.release('v3', 'c'.repeat(40)), 30);
  await setActions(sandbox, forward({ [web.used]: 0, [web.empty]: 0 }));
  const { code, reason } = await reconciled('--repair');
  expect(code).toBe(DIRTY);
  expect(reason).toContain('Not repaired: ');
  expect(await weights()).toEqual({ [web.used]: 0, [web.empty]: 0 });
});

test('a refusal of AWS is told with the missing permission', async () => {
  await setActions(sandbox, forward({ [web.used]: 0, [web.empty]: 100 }));
  sandbox.wire.faults.add([
    { service: 'elastic-load-balancing-v2', operation: 'ModifyListener', error: 'AccessDenied', times: 9 },
  ]);
  const { code, state, reason } = await reconciled('--repair');
  expect({ code, state }).toEqual({ code: DIRTY, state: 'dirty' });
  expect(reason).toContain('AWS denied elasticloadbalancing:ModifyListener');
});
