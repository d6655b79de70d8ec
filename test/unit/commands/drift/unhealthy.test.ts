import type { Service } from '@aws-sdk/client-ecs';
import { expect, test } from '@jest/globals';
import { differencesOf } from '../../../../src/commands/drift/drift.ts';
import type { Observed } from '../../../../src/commands/drift/observed.ts';

const [blue, green] = ['targetgroup/web-blue', 'targetgroup/web-green'];
const production = 'arn:aws:elasticloadbalancing:eu-west-1:1:listener-rule/app/web/1/2/3';
const service: Service = {
  serviceName: 'web',
  clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/shop',
  desiredCount: 2,
  runningCount: 2,
  deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }],
  loadBalancers: [
    {
      targetGroupArn: blue,
      advancedConfiguration: { alternateTargetGroupArn: green, productionListenerRule: production },
    },
  ],
};

function differences(
  targets: { registered: number; healthy: number; starting: number },
  different: Partial<Service> = {},
) {
  const TargetGroups = [
    { TargetGroupArn: blue, Weight: 100 },
    { TargetGroupArn: green, Weight: 0 },
  ];
  const rule = {
    RuleArn: production,
    Actions: [{ Type: 'forward' as const, ForwardConfig: { TargetGroups } }],
  };
  const observed: Observed = {
    now: 0,
    deployments: new Map(),
    versions: new Map(),
    rules: new Map([[production, rule]]),
    missingRules: new Set(),
    releases: new Map(),
    targets: new Map([
      [blue, targets],
      [green, { registered: 0, healthy: 0, starting: 0 }],
    ]),
    replacedReleases: new Map(),
    commits: new Map(),
  };
  return differencesOf({ ...service, ...different }, observed);
}

test('traffic to a target group without a healthy target is drift', () => {
  expect(differences({ registered: 2, healthy: 0, starting: 0 }).drift).toEqual([
    expect.stringContaining(
      '100% of the production traffic goes to target group targetgroup/web-blue, and none of its 2 targets is healthy.',
    ),
  ]);
});

test.each([
  ['one healthy target', { registered: 2, healthy: 1, starting: 0 }],
  ['targets that have just started', { registered: 2, healthy: 0, starting: 2 }],
  ['no target at all, as after scaling to 0', { registered: 0, healthy: 0, starting: 0 }],
])('%s: no drift', (_, targets) => {
  expect(differences(targets).drift).toEqual([]);
});

test('during a deployment, health is no drift', () => {
  const deployments: Service['deployments'] = [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }];
  const targets = { registered: 2, healthy: 0, starting: 0 };
  expect(differences(targets, { deployments }).drift).toEqual([]);
});
