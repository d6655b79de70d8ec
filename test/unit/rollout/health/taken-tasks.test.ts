import { expect, test } from '@jest/globals';
import type { ContainerInstance, Task } from '@aws-sdk/client-ecs';
import { takenTasks, tasksOnLostHosts } from '../../../../src/rollout/health/taken-tasks.ts';

const START = Date.parse('2026-05-05T10:00:00Z');
const TIMES = { startedAt: START, now: START + 75_000 };
const stopped = (stopCode: Task['stopCode'], stoppedReason: string): Task => ({
  taskArn: 'arn:aws:ecs:eu-west-1:123456789012:task/shop/1',
  stopCode,
  stoppedReason,
  stoppingAt: new Date(START + 60_000),
  stoppedAt: new Date(START + 90_000),
});

test.each([
  ['SpotInterruption', 'Your Spot Task was interrupted.', 'a Spot interruption'],
  ['TerminationNotice', 'Host EC2 (instance i-0abc) terminated.', 'the loss of host i-0abc'],
  [
    'ServiceSchedulerInitiated',
    'ECS is performing maintenance on the underlying infrastructure hosting the task.',
    'maintenance of its host by AWS',
  ],
  ['ServiceSchedulerInitiated', 'Task stopped during instance draining', 'the draining of its host'],
  [
    'ServiceSchedulerInitiated',
    'Scaling activity initiated by (deployment ecs-svc/1)',
    'ECS (Scaling activity initiated by (deployment ecs-svc/1))',
  ],
  ['UserInitiated', 'Task stopped by user', 'a person or a tool (Task stopped by user)'],
] as const)('%s: %s', (stopCode, reason, by) => {
  // The traffic of a task ends when ECS begins to stop it.
  expect(takenTasks([stopped(stopCode, reason)], TIMES)).toMatchObject([{ at: START + 60_000, by }]);
});

test('tasks that failed, found no room or stopped before the rollout were not taken', () => {
  const spot = stopped('SpotInterruption', 'Your Spot Task was interrupted.');
  const others = [
    stopped('EssentialContainerExited', 'Essential container in task exited'),
    stopped('TaskFailedToStart', 'RESOURCE:ENI'),
  ];
  expect(takenTasks(others, TIMES)).toEqual([]);
  expect(takenTasks([spot], { ...TIMES, startedAt: START + 120_000 })).toEqual([]);
});

test('a task that ECS has only begun to stop still runs', () => {
  const spot = stopped('SpotInterruption', 'Your Spot Task was interrupted.');
  const running = (lastStatus: string) =>
    takenTasks([{ ...spot, lastStatus }], { startedAt: START, now: START })[0]!.isRunning;
  expect(['RUNNING', 'DEACTIVATING', 'STOPPED'].map(running)).toEqual([true, false, false]);
});

test.each([
  [{ status: 'ACTIVE', agentConnected: true }, null],
  [{ status: 'DRAINING', agentConnected: true }, 'the draining of host i-1'],
  [{ status: 'ACTIVE', agentConnected: false }, 'the loss of host i-1, which ECS cannot reach'],
  [{ status: 'INACTIVE', agentConnected: true }, 'the loss of host i-1 (INACTIVE)'],
] as const)('a running task on a host that is %j', (host: Partial<ContainerInstance>, by) => {
  const task: Task = { taskArn: 'task', containerInstanceArn: 'host' };
  const taken = tasksOnLostHosts(
    [task],
    [{ ...host, containerInstanceArn: 'host', ec2InstanceId: 'i-1' }],
    START,
  );
  expect(taken).toEqual(by === null ? [] : [{ taskArn: 'task', at: START, by, isRunning: true }]);
});

test('a task that ECS has only decided to stop was taken just now', () => {
  const task = {
    ...stopped('SpotInterruption', 'Your Spot Task was interrupted.'),
    createdAt: new Date(START - 1),
  };
  const deciding = { ...task, stoppingAt: undefined, stoppedAt: undefined };
  expect(takenTasks([deciding], TIMES)).toMatchObject([{ at: TIMES.now }]);
});
