import type { Task } from '@aws-sdk/client-ecs';
import { expect, test } from '@jest/globals';
import { countServing } from '../../../../src/rollout/health/health.ts';

const task = (address: string, lastStatus = 'RUNNING'): Task => ({
  lastStatus,
  attachments: [{ details: [{ name: 'privateIPv4Address', value: address }] }],
});

const target = (Id: string, State: 'healthy' | 'unhealthy' | 'initial') => ({
  Target: { Id, Port: 8080 },
  TargetHealth: { State },
});

test('a task is healthy when the target group finds its address healthy, and neither healthy nor unhealthy while it registers', () => {
  const tasks = [
    task('10.0.0.1'),
    task('10.0.0.2'),
    task('10.0.0.3'),
    task('10.0.0.4'),
    task('10.0.0.5', 'PENDING'),
  ];
  const targets = [
    target('10.0.0.1', 'healthy'),
    target('10.0.0.2', 'unhealthy'),
    target('10.0.0.3', 'initial'),
  ];
  expect(countServing(tasks, targets)).toEqual({
    healthyTargets: 1,
    unhealthyTargets: 1,
    failing: targets[1],
  });
});

test('instance targets identify no task, so a running task is healthy', () => {
  expect(countServing([task('10.0.0.1')], [target('i-0123456789abcdef0', 'healthy')])).toEqual({
    healthyTargets: 1,
    unhealthyTargets: 0,
    failing: null,
  });
});

test.each([
  ['has no target yet', []],
  ['finds no instance healthy', [target('i-0123456789abcdef0', 'unhealthy')]],
  ['is still checking them', [target('10.0.0.9', 'initial')]],
])('no running task is healthy while the target group %s', (_, targets) => {
  expect(countServing([task('10.0.0.1'), task('10.0.0.2')], targets)).toMatchObject({ healthyTargets: 0 });
});

test('without a target group, a running task is healthy', () => {
  expect(countServing([task('10.0.0.1')])).toMatchObject({ healthyTargets: 1 });
});
