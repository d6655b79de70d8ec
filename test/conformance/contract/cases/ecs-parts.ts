import {
  CreateClusterCommand,
  CreateServiceCommand,
  DeleteClusterCommand,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import type {
  CreateServiceCommandInput,
  RegisterTaskDefinitionCommandInput,
  Service,
  Tag,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { Place } from '../contract.ts';

/** Resources of a case. They are removed after it. */

export async function createCluster(
  { ecs, name, later }: Place,
  tags: Tag[] = [],
): Promise<{ readonly name: string; readonly arn: string }> {
  const clusterName = name('cluster');
  const { cluster } = await ecs.send(new CreateClusterCommand({ clusterName, tags }));
  later(() => ecs.send(new DeleteClusterCommand({ cluster: clusterName })));
  return { name: clusterName, arn: cluster!.clusterArn! };
}

export async function register(
  { ecs, later }: Place,
  family: string,
  more: Partial<RegisterTaskDefinitionCommandInput> = {},
): Promise<TaskDefinition> {
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      containerDefinitions: [
        { name: 'web', image: 'example/web:1', portMappings: [{ containerPort: 8080 }] },
      ],
      ...more,
    }),
  );
  later(() =>
    ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: taskDefinition!.taskDefinitionArn })),
  );
  return taskDefinition!;
}

/** A service with a desired count of 0, so that no tasks are started. */
export async function createService(place: Place, more: Partial<CreateServiceCommandInput> = {}) {
  const cluster = await createCluster(place);
  const taskDefinition = await register(place, place.name('family'));
  const serviceName = place.name('service');
  const input: CreateServiceCommandInput = {
    cluster: cluster.name,
    serviceName,
    taskDefinition: taskDefinition.taskDefinitionArn,
    desiredCount: 0,
    launchType: 'FARGATE',
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: [...place.network.subnets],
        securityGroups: [...place.network.securityGroups],
      },
    },
    ...more,
  };
  const { service } = await place.ecs.send(new CreateServiceCommand(input));
  place.later(() =>
    place.ecs.send(new DeleteServiceCommand({ cluster: cluster.name, service: serviceName, force: true })),
  );
  const created: Service = service!;
  return { cluster, taskDefinition, input, serviceName, service: created };
}
