// Loaded on demand. The bundle has only these members of the package.
export {
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  RegisterTaskDefinitionRequest$,
  TaskDefinition$,
} from '@aws-sdk/client-ecs';
