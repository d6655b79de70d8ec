import { describe, expect, test } from '@jest/globals';
import type { DeploymentConfiguration, ServiceDeployment } from '@aws-sdk/client-ecs';
import { identify } from '../../../../src/core/run.ts';
import { writtenIn, tagFor } from '../../../../src/aws/lease/run-tag.ts';
import { findingOn, remainsOn, type Remains } from '../../../../src/commands/reconcile/finding.ts';
import { HOUR, MINUTE } from '../../../../src/core/time/clock.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const lease = (until: number) => writtenIn([tagFor(identify({}), until)])!;
const dead = lease(NOW - 10 * MINUTE);
const alive = lease(NOW + MINUTE);
const NOTHING: Remains = { hook: false, memory: false, lease: null, deploying: false };
const ladder = {
  strategy: 'LINEAR',
  linearConfiguration: { stepPercent: 10, stepBakeTimeInMinutes: 0 },
  lifecycleHooks: [
    {
      targetType: 'PAUSE',
      lifecycleStages: ['PRE_PRODUCTION_TRAFFIC_SHIFT'],
      timeoutConfiguration: { timeoutInMinutes: 31, action: 'ROLLBACK' },
    },
  ],
} satisfies DeploymentConfiguration;
const deployment = (different: Partial<ServiceDeployment> = {}): ServiceDeployment => ({
  serviceDeploymentArn: 'arn:deployment',
  status: 'IN_PROGRESS',
  lifecycleStage: 'SCALE_UP',
  createdAt: new Date(NOW - 20 * MINUTE),
  startedAt: new Date(NOW - 20 * MINUTE),
  deploymentConfiguration: ladder,
  ...different,
});
const theirs = deployment({ deploymentConfiguration: { strategy: 'BLUE_GREEN' } });
const all = { hook: true, memory: true, lease: dead, deploying: true };

describe('what is found on a service', () => {
  test.each([
    ['nothing', NOTHING, null, { do: 'tell', state: 'clean' }],
    ["somebody else's deployment", { ...NOTHING, deploying: true }, theirs, { do: 'tell', state: 'clean' }],
    ['a living run', { ...all, lease: alive }, deployment(), { do: 'tell', state: 'in progress' }],
    ['a start that nobody watches', all, deployment(), { do: 'take back' }],
    ['what a dead run left at 100%', all, deployment({ lifecycleStage: 'BAKE_TIME' }), { do: 'settle' }],
    [
      'what a dead run left, when ECS has ended its deployment',
      { ...all, deploying: false },
      null,
      { do: 'settle' },
    ],
    [
      "somebody else's deployment over what a dead run left",
      all,
      theirs,
      { do: 'tell', state: 'in progress' },
    ],
    [
      "somebody else's deployment at the pause that a dead run left",
      all,
      deployment({ createdAt: new Date(NOW - MINUTE) }),
      { do: 'tell', state: 'dirty' },
    ],
    [
      'a rollout without a lease',
      { ...all, lease: null },
      deployment(),
      { do: 'tell', state: 'in progress' },
    ],
    [
      'a start without a lease that nobody would watch for so long',
      { ...all, lease: null },
      deployment({ startedAt: new Date(NOW - 2 * HOUR) }),
      { do: 'tell', state: 'dirty' },
    ],
    [
      'the bake of a run that ended well',
      { ...NOTHING, deploying: true },
      deployment({ lifecycleStage: 'BAKE_TIME' }),
      { do: 'tell', state: 'in progress' },
    ],
    [
      'a pause like ours that no tag claims',
      { ...NOTHING, hook: true },
      null,
      { do: 'tell', state: 'dirty' },
    ],
  ] as const)('%s', (_, remains, running, expected) => {
    expect(findingOn(remains, running, NOW)).toMatchObject(expected);
  });

  test("a person's own pause between steps that have a bake is not taken for ours", () => {
    const linearConfiguration = { stepPercent: 10, stepBakeTimeInMinutes: 6 };
    const service = { deploymentConfiguration: { ...ladder, linearConfiguration } };
    expect(remainsOn(service)).toEqual(NOTHING);
  });
});
