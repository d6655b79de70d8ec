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
const linear = {
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
  deploymentConfiguration: linear,
  ...different,
});
const theirs = deployment({ deploymentConfiguration: { strategy: 'BLUE_GREEN' } });
const all = { hook: true, memory: true, lease: dead, deploying: true };

describe('the finding on a service', () => {
  test.each([
    ['nothing', NOTHING, null, { do: 'tell', state: 'clean' }],
    ['a deployment by another tool', { ...NOTHING, deploying: true }, theirs, { do: 'tell', state: 'clean' }],
    ['a living run', { ...all, lease: alive }, deployment(), { do: 'tell', state: 'in progress' }],
    ['a start without a run', all, deployment(), { do: 'take back' }],
    ['leftovers of a killed run at 100%', all, deployment({ lifecycleStage: 'BAKE_TIME' }), { do: 'settle' }],
    [
      'leftovers of a killed run after the end of its deployment',
      { ...all, deploying: false },
      null,
      { do: 'settle' },
    ],
    [
      'a deployment by another tool, with leftovers of a killed run',
      all,
      theirs,
      { do: 'tell', state: 'in progress' },
    ],
    [
      'a deployment by another tool at the pause of a killed run',
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
      'a start without a lease that takes too long',
      { ...all, lease: null },
      deployment({ startedAt: new Date(NOW - 2 * HOUR) }),
      { do: 'tell', state: 'dirty' },
    ],
    [
      'the bake of a run that succeeded',
      { ...NOTHING, deploying: true },
      deployment({ lifecycleStage: 'BAKE_TIME' }),
      { do: 'tell', state: 'in progress' },
    ],
    ['a pause like ours without a tag', { ...NOTHING, hook: true }, null, { do: 'tell', state: 'dirty' }],
  ] as const)('%s', (_, remains, running, expected) => {
    expect(findingOn(remains, running, NOW)).toMatchObject(expected);
  });

  test('the pause of a person between steps with a bake time is not taken for ours', () => {
    const linearConfiguration = { stepPercent: 10, stepBakeTimeInMinutes: 6 };
    const service = { deploymentConfiguration: { ...linear, linearConfiguration } };
    expect(remainsOn(service)).toEqual(NOTHING);
  });
});
