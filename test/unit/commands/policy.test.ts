import { expect, test } from '@jest/globals';
import { createGuard } from '../../../sandbox/iam/guard.ts';
import { readPolicy } from '../../../sandbox/iam/policy.ts';
import { policyFor } from '../../../src/commands/policy/policy.ts';
import { WEB } from '../../simulation/policy-stories.ts';

const SERVICE = 'arn:aws:ecs:eu-west-1:123456789012:service/shop/web';
const caller = { account: '123456789012', region: 'eu-west-1', accessKeyId: 'AKIATEST' };

/** Whether the printed policy allows a call of ECS. */
function allowed(operation: string, input: object, more: Partial<typeof WEB> = {}): boolean {
  const policy = policyFor(['deploy', 'rollback', 'reconcile'], [{ ...WEB, ...more }]);
  const guard = createGuard(readPolicy(JSON.stringify(policy)));
  return guard.refuses({ service: 'ecs', operation, input, caller }) === null;
}

const update = (change: object, more: Partial<typeof WEB> = {}) =>
  allowed('UpdateService', { cluster: 'shop', service: 'web', ...change }, more);
const taskDefinition = (family: string) => `arn:aws:ecs:eu-west-1:123456789012:task-definition/${family}:3`;
const inSubnet = (subnet: string) => ({
  networkConfiguration: { awsvpcConfiguration: { subnets: [subnet] } },
});
const tagged = (key: string) => ({ resourceArn: SERVICE, tags: [{ key, value: 'x' }] });
const registered = (container: object, more: Partial<typeof WEB> = {}) =>
  allowed('RegisterTaskDefinition', { family: 'web', containerDefinitions: [container] }, more);

test.each([
  [
    'deploys the task definitions of other services',
    () => update({ taskDefinition: taskDefinition('admin') }),
  ],
  ['makes tasks accessible by a shell', () => update({ enableExecuteCommand: true })],
  ['moves tasks to other subnets', () => update(inSubnet('subnet-2'), { subnets: ['subnet-1'] })],
  ['writes tags of others', () => allowed('TagResource', tagged('cost-center'))],
  [
    'removes tags of others',
    () => allowed('UntagResource', { resourceArn: SERVICE, tagKeys: ['ecs-ramp:lease', 'team'] }),
  ],
  ['registers privileged containers', () => registered({ name: 'web', privileged: true })],
])('a role with the printed policy never %s', (_, tries) => {
  expect(tries()).toBe(false);
});

test.each([
  ['deploys its own task definitions', () => update({ taskDefinition: taskDefinition('web') })],
  ['restores the configuration of its service', () => update({ deploymentConfiguration: {} })],
  ['keeps the subnets of its service', () => update(inSubnet('subnet-1'), { subnets: ['subnet-1'] })],
  ['writes its own tags', () => allowed('TagResource', tagged('ecs-ramp:lease'))],
  [
    'removes its own tags',
    () => allowed('UntagResource', { resourceArn: SERVICE, tagKeys: ['ecs-ramp:lease'] }),
  ],
  ['registers containers without privileges', () => registered({ name: 'web' })],
  [
    'registers privileged containers of a service that has one',
    () => registered({ name: 'web', privileged: true }, { privileged: true }),
  ],
])('a role with the printed policy %s', (_, does) => {
  expect(does()).toBe(true);
});
