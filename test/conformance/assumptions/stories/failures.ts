import { PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeTasksCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import type { Task } from '@aws-sdk/client-ecs';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { linearSteps } from '../stage.ts';
import type { Stage } from '../stage.ts';
import type { Story } from '../story.ts';

export const alarmStory: Story = {
  name: 'alarms: one that already fires, one that fires during the rollout',
  minutes: 10,
  checks: ['alarm-that-fires-already', 'failure-without-rollback'],
  async play(stage, note) {
    const { aws, parameters } = stage;
    const [already, soon] = [`${parameters.prefix}-already`, `${parameters.prefix}-soon`];
    for (const AlarmName of [already, soon]) {
      await aws.cloudWatch.send(
        new PutMetricAlarmCommand({
          AlarmName,
          Namespace: 'ecs-ramp/verify',
          MetricName: `${AlarmName}-nothing`,
          Statistic: 'Sum',
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 1,
          ComparisonOperator: 'GreaterThanThreshold',
          // Without data, the alarm keeps its state.
          TreatMissingData: 'ignore',
        }),
      );
    }
    const set = (AlarmName: string, StateValue: 'OK' | 'ALARM') =>
      aws.cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'tried' }));
    await set(already, 'ALARM');
    await set(soon, 'OK');
    const alarms = { alarmNames: [already, soon], enable: true, rollback: false };
    const arn = await stage.deploy(linearSteps(50, { alarms }));
    const { hookId } = await stage.pause(arn);
    await set(already, 'OK');
    await stage.wait(10 * SECOND);
    await set(already, 'ALARM');
    await stage.wait(30 * SECOND);
    const { status } = await stage.show(arn);
    note('alarm-that-fires-already', status === 'IN_PROGRESS', `${status} after it fired again`);
    await stage.answer(arn, hookId, 'CONTINUE');
    await set(soon, 'ALARM');
    const end = await stage.over(arn);
    note('failure-without-rollback', end.status === 'STOPPED', `${end.status}: ${end.statusReason}`);
    await stage.update({
      deploymentConfiguration: {
        ...linearSteps(100),
        lifecycleHooks: [],
        alarms: { ...alarms, enable: false },
      },
    });
    await stage
      .over(await stage.deploy(linearSteps(100, { lifecycleHooks: [] }), stage.stack['goodTaskDefinition']))
      .catch(() => {});
  },
};

export const sickStory: Story = {
  name: 'a revision that fails its health checks',
  minutes: 8,
  checks: ['words-of-a-failed-health-check'],
  async play(stage, note) {
    const { sickTaskDefinition } = stage.stack;
    const arn = await stage.deploy(linearSteps(50), sickTaskDefinition);
    const task = await stage.until('a stopped task', async () =>
      (await stopped(stage)).find((each) => each.taskDefinitionArn === sickTaskDefinition),
    );
    const words = task.stoppedReason ?? '';
    note('words-of-a-failed-health-check', /failed .*health check/i.test(words), words);
    await stage.stop(arn, 'ROLLBACK');
    await stage.over(arn);
  },
};

export const crashStory: Story = {
  name: 'a revision that exits',
  minutes: 8,
  checks: ['restarts-are-delayed'],
  async play(stage, note) {
    const { crashTaskDefinition } = stage.stack;
    const arn = await stage.deploy(linearSteps(50), crashTaskDefinition);
    await stage.wait(6 * MINUTE);
    const started = (await stopped(stage))
      .filter((each) => each.taskDefinitionArn === crashTaskDefinition)
      .map(({ createdAt }) => createdAt!.getTime())
      .toSorted((a, b) => a - b);
    const gaps = started
      .slice(1)
      .map((at, index) => Math.round((at - started[index]!) / SECOND))
      .filter((gap) => gap > 2);
    const grow = gaps.length >= 2 && gaps.at(-1)! > gaps[0]!;
    note('restarts-are-delayed', grow, `${started.length} tasks in 6 minutes, ${gaps.join(', ')} s apart`);
    await stage.stop(arn, 'ROLLBACK');
    await stage.over(arn);
  },
};

async function stopped({ aws, cluster }: Stage): Promise<readonly Task[]> {
  const { taskArns } = await aws.ecs.send(
    new ListTasksCommand({ cluster, serviceName: 'web', desiredStatus: 'STOPPED' }),
  );
  if (!taskArns?.length) return [];
  const { tasks } = await aws.ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
  return tasks!.filter(({ lastStatus }) => lastStatus === 'STOPPED');
}
