import { afterEach, expect, test } from '@jest/globals';
import { RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { diagnose } from '../../../../src/rollout/health/diagnosis.ts';
import { exited } from '../../../support/health.ts';
import { createSimulatedAws, type SimulatedAws } from '../../../support/simulated-aws.ts';

let aws: SimulatedAws;
afterEach(() => aws.close());

test('hidden logs are not read, and the diagnosis names their stream', async () => {
  aws = await createSimulatedAws({ versions: {} });
  const ecs = await aws.clients.ecs();
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'web',
      containerDefinitions: [
        {
          name: 'web',
          image: 'shop/web',
          memory: 128,
          logConfiguration: {
            logDriver: 'awslogs',
            options: {
              'awslogs-group': '/shop/web',
              'awslogs-region': 'eu-west-1',
              'awslogs-stream-prefix': 'ecs',
            },
          },
        },
      ],
    }),
  );
  const { log } = await diagnose({
    ecs,
    logs: null,
    service: { cluster: 'shop', name: 'web' },
    taskDefinitionArn: taskDefinition!.taskDefinitionArn!,
    since: 0,
    stoppedTasks: [exited],
  });
  expect(log).toEqual({
    source: '/shop/web: ecs/web/1',
    lines: [],
    group: '/shop/web',
    stream: 'ecs/web/1',
  });
});
