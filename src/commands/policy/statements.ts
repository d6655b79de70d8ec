import type { ServiceNames } from './names.ts';
import type { Condition } from './document.ts';

/** What actions are allowed on: one statement of the policy, or none where nothing in it is needed. */
export interface StatementPlan {
  /** ARNs; `*` where AWS takes nothing narrower. */
  readonly on: (names: ServiceNames) => readonly string[];
  readonly condition?: (all: readonly ServiceNames[]) => Condition;
}

const ecs = ({ partition, region, account }: ServiceNames, resource: string): string =>
  `arn:${partition}:ecs:${region}:${account}:${resource}`;

const serviceArn = (names: ServiceNames) => ecs(names, `service/${names.cluster}/${names.service}`);
const taskDefinitions = (names: ServiceNames) =>
  names.family === null ? [] : [ecs(names, `task-definition/${names.family}:*`)];
const everything = () => ['*'];

/** By the statements' names, in their order. */
export const STATEMENTS = {
  Service: { on: (names) => [serviceArn(names)] },
  ServiceDeployments: {
    // What continues, stops or describes a deployment is asked for on the service too.
    on: (names) => {
      const { cluster, service } = names;
      return [
        serviceArn(names),
        ecs(names, `service-deployment/${cluster}/${service}/*`),
        ecs(names, `service-revision/${cluster}/${service}/*`),
      ];
    },
  },
  Tasks: { on: (names) => [ecs(names, `task/${names.cluster}/*`)] },
  ListsOfTheCluster: {
    on: everything,
    condition: (all) => ({
      ArnEquals: { 'ecs:cluster': oneOrAll(all.map((names) => ecs(names, `cluster/${names.cluster}`))) },
    }),
  },
  TaskDefinition: { on: taskDefinitions },
  TagsOfTheTaskDefinition: {
    on: taskDefinitions,
    condition: () => ({ StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } }),
  },
  LeaseAndMemoryOnTheService: { on: (names) => [serviceArn(names)] },
  RolesOfTheTasks: {
    on: ({ taskRoles }) => taskRoles,
    condition: () => ({ StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }),
  },
  InfrastructureRole: {
    on: ({ infrastructureRole }) => (infrastructureRole === null ? [] : [infrastructureRole]),
    condition: () => ({ StringEquals: { 'iam:PassedToService': 'ecs.amazonaws.com' } }),
  },
  ReadsThatCannotBeNarrowed: { on: everything },
  CleaningUp: { on: everything },
  EveryCluster: { on: (names) => [ecs(names, 'service/*'), ecs(names, 'task/*')] },
  LogOfAFailedTask: {
    on: ({ partition, region, account, logGroups }) =>
      logGroups.map((group) => `arn:${partition}:logs:${region}:${account}:log-group:${group}:log-stream:*`),
  },
  RegistryLogin: { on: everything },
  Repository: {
    on: ({ partition, region, account, repository }) =>
      repository === null ? [] : [`arn:${partition}:ecr:${region}:${account}:repository/${repository.name}`],
  },
} as const satisfies Readonly<Record<string, StatementPlan>>;

export type StatementName = keyof typeof STATEMENTS;

/** As AWS writes it: one by itself, several as a list. Each once. */
export function oneOrAll(values: readonly string[]): string | readonly string[] {
  const [first, ...others] = [...new Set(values)];
  return first !== undefined && others.length === 0 ? first : [...new Set(values)];
}
