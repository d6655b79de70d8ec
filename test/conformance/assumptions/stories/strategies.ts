import {
  CreateServiceCommand,
  DescribeTaskDefinitionCommand,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import type { DeploymentLifecycleHookStage } from '@aws-sdk/client-ecs';
import { DescribeRulesCommand, ModifyRuleCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { changesBetween } from '../../../../src/aws/task-definition/compare.ts';
import { registrable } from '../../../../src/aws/task-definition/render.ts';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { linearSteps, refusal } from '../stage.ts';
import type { Story } from '../story.ts';

const PAUSABLE: DeploymentLifecycleHookStage[] = [
  'PRE_SCALE_UP',
  'POST_SCALE_UP',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
];

export const stagesStory: Story = {
  name: 'a pause at each stage that supports one',
  minutes: 6,
  checks: ['stages-are-passed'],
  async play(stage, note) {
    const hook = { targetType: 'PAUSE' as const, timeoutConfiguration: { timeoutInMinutes: 5 } };
    const arn = await stage.deploy({
      strategy: 'BLUE_GREEN',
      bakeTimeInMinutes: 0,
      lifecycleHooks: [{ ...hook, lifecycleStages: PAUSABLE }],
    });
    const seen: (string | undefined)[] = [];
    let after: string | undefined;
    while (seen.length < PAUSABLE.length) {
      const { hookId, deployment } = await stage.pause(arn, after);
      seen.push(deployment.lifecycleStage);
      await stage.answer(arn, hookId, 'CONTINUE');
      after = hookId;
    }
    await stage.over(arn);
    note('stages-are-passed', seen.join() === PAUSABLE.join(), seen.join(', '));
  },
};

export const bakeStory: Story = {
  name: 'steps of 50% with a bake time of a minute',
  minutes: 7,
  checks: ['step-bake'],
  async play(stage, note) {
    const arn = await stage.deploy({
      ...linearSteps(50, { lifecycleHooks: [] }),
      linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 1 },
    });
    const at50 = new Map<string, number>();
    const order: string[] = [];
    await stage.over(arn, ({ lifecycleStage: name, targetServiceRevision }) => {
      if (name === undefined) return;
      if (order.at(-1) !== name) order.push(name);
      if (targetServiceRevision?.requestedProductionTrafficWeight === 50)
        at50.set(name, (at50.get(name) ?? 0) + 1);
    });
    const most = [...at50].toSorted(([, a], [, b]) => b - a)[0]?.[0];
    const posts = order.filter((name) => name === 'POST_PRODUCTION_TRAFFIC_SHIFT').length;
    const lastShift = order.lastIndexOf('PRODUCTION_TRAFFIC_SHIFT');
    const holds =
      most === 'PRODUCTION_TRAFFIC_SHIFT' &&
      (posts === 0 || (posts === 1 && order.indexOf('POST_PRODUCTION_TRAFFIC_SHIFT') > lastShift));
    note('step-bake', holds, `at 50% mostly in ${most}; ${order.join(', ')}`);
  },
};

export const refusalsStory: Story = {
  name: 'invalid configurations',
  minutes: 3,
  checks: [
    'hooks-with-rolling',
    'breaker-with-shifting',
    'shifting-needs-a-load-balancer',
    'configuration-is-checked-against-the-rules',
    'same-task-definition',
    'filled-in-by-ecs',
  ],
  async play(stage, note) {
    const { aws, stack, parameters } = stage;
    const current = (await stage.described()).deploymentConfiguration!;
    const rolling = await refusal(
      stage.update({
        deploymentConfiguration: { ...linearSteps(50), strategy: 'ROLLING', linearConfiguration: undefined },
      }),
    );
    const breaker = await refusal(
      stage.update({
        deploymentConfiguration: {
          strategy: 'BLUE_GREEN',
          bakeTimeInMinutes: 0,
          lifecycleHooks: [],
          deploymentCircuitBreaker: { enable: true, rollback: true },
        },
      }),
    );
    note('hooks-with-rolling', rolling === null, rolling ?? 'accepted');
    note('breaker-with-shifting', breaker === null, breaker ?? 'accepted');

    const create = (strategy: 'LINEAR' | 'BLUE_GREEN') =>
      aws.ecs.send(
        new CreateServiceCommand({
          cluster: stage.cluster,
          serviceName: `alone-${strategy === 'LINEAR' ? 'linear' : 'blue-green'}`,
          taskDefinition: stack['goodTaskDefinition'],
          desiredCount: 0,
          launchType: 'FARGATE',
          networkConfiguration: {
            awsvpcConfiguration: {
              subnets: [...parameters.subnets],
              securityGroups: [...parameters.securityGroups],
              assignPublicIp: 'ENABLED',
            },
          },
          deploymentConfiguration:
            strategy === 'LINEAR' ? linearSteps(50) : { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 },
        }),
      );
    const linear = await refusal(create('LINEAR'));
    const blueGreen = await refusal(create('BLUE_GREEN'));
    note(
      'shifting-needs-a-load-balancer',
      linear === null && blueGreen === null,
      `LINEAR: ${linear ?? 'accepted'}; BLUE_GREEN: ${blueGreen ?? 'accepted'}`,
    );

    const RuleArn = stack['80Rule']!;
    const { Rules } = await aws.elb.send(new DescribeRulesCommand({ RuleArns: [RuleArn] }));
    const [served] = [...(await stage.weights(RuleArn))].toSorted(([, a], [, b]) => b - a)[0]!;
    const only = [{ TargetGroupArn: served, Weight: 100 }];
    await aws.elb.send(
      new ModifyRuleCommand({
        RuleArn,
        Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups: only } }],
      }),
    );
    const checked = await refusal(stage.update({ deploymentConfiguration: linearSteps(50) }));
    await aws.elb.send(new ModifyRuleCommand({ RuleArn, Actions: Rules![0]!.Actions }));
    note('configuration-is-checked-against-the-rules', checked !== null, checked ?? 'accepted');

    await stage.update({ deploymentConfiguration: { ...current, lifecycleHooks: [] } });
    const before = await deployments();
    await stage.update({ taskDefinition: (await stage.described()).taskDefinition });
    await stage.wait(10 * SECOND);
    const started = (await deployments()) - before;
    note('same-task-definition', started === 0, `${started} deployments started`);

    const least = {
      family: `${parameters.prefix}-least`,
      containerDefinitions: [
        {
          name: 'web',
          image: parameters.image,
          memory: 64,
          portMappings: [{ containerPort: 8080 }],
          healthCheck: { command: ['CMD-SHELL', 'true'] },
        },
      ],
    };
    await aws.ecs.send(new RegisterTaskDefinitionCommand(least));
    const { taskDefinition } = await aws.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: least.family }),
    );
    const changes = changesBetween(registrable(taskDefinition!), least).map(({ path }) => path);
    note('filled-in-by-ecs', changes.length === 0, changes.join(', ') || 'read back as the same');

    async function deployments(): Promise<number> {
      const { serviceDeployments } = await aws.ecs.send(
        new ListServiceDeploymentsCommand({ cluster: stage.cluster, service: 'web' }),
      );
      return serviceDeployments!.length;
    }
  },
};

export const firstStory: Story = {
  name: 'a service that is created with steps',
  minutes: 6,
  checks: ['first-deployment'],
  async play(stage, note) {
    const { aws, stack, parameters } = stage;
    await aws.ecs.send(
      new CreateServiceCommand({
        cluster: stage.cluster,
        serviceName: 'first',
        taskDefinition: stack['goodTaskDefinition'],
        desiredCount: 1,
        launchType: 'FARGATE',
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: [...parameters.subnets],
            securityGroups: [...parameters.securityGroups],
            assignPublicIp: 'ENABLED',
          },
        },
        deploymentConfiguration: linearSteps(30),
        loadBalancers: [
          {
            targetGroupArn: stack['firstBlueGroup'],
            containerName: 'web',
            containerPort: 8080,
            advancedConfiguration: {
              alternateTargetGroupArn: stack['firstGreenGroup'],
              productionListenerRule: stack['80FirstRule'],
              testListenerRule: stack['9080FirstRule'],
              roleArn: parameters.infrastructureRole,
            },
          },
        ],
      }),
    );
    const arn = await stage.newest('first');
    await stage.pause(arn);
    await stage.stop(arn, 'ROLLBACK');
    const { status } = await stage.over(arn);
    const running = await stage
      .until(
        'no task',
        async () => {
          const { runningCount } = await stage.described('first');
          return runningCount === 0 && 'none';
        },
        3 * MINUTE,
      )
      .catch(() => 'some');
    note(
      'first-deployment',
      status === 'STOPPED' && running === 'none',
      `${status}, ${running} of its tasks remain`,
    );
  },
};
