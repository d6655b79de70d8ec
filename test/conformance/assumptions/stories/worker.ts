import { CreateServiceCommand } from '@aws-sdk/client-ecs';
import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { MINUTE } from '../../../../src/core/time/clock.ts';
import type { Story } from '../story.ts';

/** The action's configuration: all new tasks beside the old ones, with pauses of five minutes. */
const SIDE_BY_SIDE: DeploymentConfiguration = {
  strategy: 'BLUE_GREEN',
  bakeTimeInMinutes: 0,
  deploymentCircuitBreaker: { enable: false, rollback: false },
  lifecycleHooks: [
    {
      targetType: 'PAUSE',
      lifecycleStages: ['POST_SCALE_UP', 'PRE_PRODUCTION_TRAFFIC_SHIFT'],
      timeoutConfiguration: { timeoutInMinutes: 5, action: 'ROLLBACK' },
    },
  ],
};

export const workerStory: Story = {
  name: 'a service without a load balancer',
  minutes: 9,
  checks: ['side-by-side', 'stages-without-a-balancer', 'side-by-side-rolled-back'],
  async play(stage, note) {
    const { aws, stack, parameters, cluster } = stage;
    const { subnets, securityGroups } = parameters;
    await aws.ecs.send(
      new CreateServiceCommand({
        cluster,
        serviceName: 'worker',
        taskDefinition: stack['goodTaskDefinition'],
        desiredCount: 1,
        launchType: 'FARGATE',
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: [...subnets],
            securityGroups: [...securityGroups],
            assignPublicIp: 'ENABLED',
          },
        },
      }),
    );
    await stage.over(await stage.newest('worker'));

    const first = await deploy('betterTaskDefinition');
    const paused = await stage.pause(first);
    const { runningCount } = await stage.described('worker');
    note(
      'side-by-side',
      paused.deployment.lifecycleStage === 'POST_SCALE_UP' && runningCount === 2,
      `paused at ${paused.deployment.lifecycleStage}, ${runningCount} tasks run`,
    );
    await stage.answer(first, paused.hookId, 'CONTINUE');
    const second = await stage.pause(first, paused.hookId).catch(() => null);
    const where: string | undefined = second?.deployment.lifecycleStage;
    note(
      'stages-without-a-balancer',
      where === 'PRE_PRODUCTION_TRAFFIC_SHIFT',
      where ? `paused again at ${where}` : 'no second pause',
    );
    if (second) await stage.answer(first, second.hookId, 'CONTINUE');
    await stage.over(first);

    const again = await deploy('goodTaskDefinition');
    await stage.pause(again);
    await stage.stop(again, 'ROLLBACK');
    const { status } = await stage.over(again);
    const { runningCount: left, taskDefinition } = await stage.described('worker');
    const isBack = taskDefinition === stack['betterTaskDefinition'];
    note(
      'side-by-side-rolled-back',
      status === 'ROLLBACK_SUCCESSFUL' && left === 1 && isBack,
      `${status}, ${left} tasks run, ${isBack ? 'the old task definition' : taskDefinition}`,
    );

    async function deploy(taskDefinition: 'goodTaskDefinition' | 'betterTaskDefinition'): Promise<string> {
      const before = await stage.newest('worker');
      await stage.update(
        { taskDefinition: stack[taskDefinition], deploymentConfiguration: SIDE_BY_SIDE },
        'worker',
      );
      return stage.until(
        'a new service deployment',
        async () => {
          const arn = await stage.newest('worker');
          return arn === before ? null : arn;
        },
        MINUTE,
      );
    }
  },
};
