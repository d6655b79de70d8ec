import type { ContainerDefinition, RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import type { TaskDefinitionRequest } from '../../src/core/request.ts';

/** Keeps the task definition that the service runs, except for what the test overrides. */
export function taskDefinitionRequest(different: Partial<TaskDefinitionRequest> = {}): TaskDefinitionRequest {
  return {
    file: null,
    containerName: null,
    environmentVariables: {},
    secrets: {},
    forbid: [],
    ...different,
  };
}

/** The smallest task definition of `web` on Fargate, as a user writes it. */
export function webOnFargate(
  different: Partial<RegisterTaskDefinitionCommandInput> = {},
  container: ContainerDefinition = {},
): RegisterTaskDefinitionCommandInput {
  return {
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    ...different,
    containerDefinitions: [
      { name: 'web', image: 'x', portMappings: [{ containerPort: 8080 }], ...container },
    ],
  };
}
