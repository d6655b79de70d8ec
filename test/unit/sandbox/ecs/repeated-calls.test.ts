import { expect, test } from '@jest/globals';
import { HOUR } from '../../../../src/core/time/clock.ts';
import { createStage, serviceInput } from './support.ts';

const runTask = {
  cluster: 'main',
  taskDefinition: 'web',
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
};

test('CreateService with the same token and input creates one service', () => {
  const sandbox = createStage();
  const input = serviceInput({ clientToken: 'token-1' });
  const first = sandbox.call('CreateService', input);
  expect(sandbox.call('CreateService', { ...input })).toEqual(first);
  expect(sandbox.refusal('CreateService', { ...input, desiredCount: 3 })).toEqual({
    code: 'InvalidParameterException',
    message: 'Creation of service was not idempotent.',
  });
});

test('RunTask with the same token and input runs its tasks once, for a day', async () => {
  const sandbox = createStage();
  const input = { ...runTask, count: 2, clientToken: 'token-1' };
  const first = sandbox.call('RunTask', input);
  const taskArns = first.tasks.map(({ taskArn }: { taskArn: string }) => taskArn);
  expect(sandbox.call('RunTask', { ...input })).toEqual(first);
  expect(sandbox.call('ListTasks', { cluster: 'main' }).taskArns).toEqual(taskArns);
  expect(() => sandbox.call('RunTask', { ...input, count: 1 })).toThrow(
    expect.objectContaining({ code: 'ConflictException', fields: { resourceIds: taskArns } }),
  );
  expect(sandbox.call('RunTask', { ...input, clientToken: 'token-2' }).tasks[0].taskArn).not.toBe(
    taskArns[0],
  );

  await sandbox.clock.advance(24 * HOUR);
  expect(sandbox.call('RunTask', input).tasks[0].taskArn).not.toBe(taskArns[0]);
});

test('a refused call leaves its token unused', () => {
  const sandbox = createStage();
  const input = { ...runTask, clientToken: 'token-1' };
  sandbox.refusal('RunTask', { ...input, count: 11 });
  expect(sandbox.call('RunTask', input).tasks).toHaveLength(1);
});
