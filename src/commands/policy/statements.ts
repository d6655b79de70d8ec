import { ROLLBACK_NOTE_KEY } from '../../aws/ecs/rollback-note-tag.ts';
import type { ServiceNames } from './names.ts';
import type { Condition } from './document.ts';

/** The resources and condition of one policy statement. */
export interface StatementPlan {
  /** ARNs; `*` for actions without resource-level permissions. */
  readonly on: (names: ServiceNames) => readonly string[];
  readonly condition?: (all: readonly ServiceNames[]) => Condition;
}

const ecs = ({ partition, region, account }: ServiceNames, resource: string): string =>
  `arn:${partition}:ecs:${region}:${account}:${resource}`;

const serviceArn = (names: ServiceNames) => ecs(names, `service/${names.cluster}/${names.service}`);
const taskDefinitions = (names: ServiceNames) =>
  names.family === null ? [] : [ecs(names, `task-definition/${names.family}:*`)];
const everything = () => ['*'];

const ifAny = (operator: string, key: string, values: readonly string[]): Condition =>
  values.length === 0 ? {} : { [operator]: { [key]: oneOrAll(values) } };

/** Statements by name, in the order of the policy. */
export const STATEMENTS = {
  Service: { on: (names) => [serviceArn(names)] },
  ServiceChanges: {
    on: (names) => [serviceArn(names)],
    condition: (all) => ({
      ...ifAny('ArnLikeIfExists', 'ecs:task-definition', all.flatMap(taskDefinitions)),
      ...ifAny('StringEqualsIfExists', 'ecs:enable-execute-command', ['false']),
      ...(all.every(({ subnets }) => subnets.length > 0) && {
        'ForAllValues:StringEquals': { 'ecs:subnet': oneOrAll(all.flatMap(({ subnets }) => subnets)) },
      }),
    }),
  },
  ServiceDeployments: {
    // Continue, stop and describe calls are also authorized on the service.
    on: (names) => {
      const { cluster, service } = names;
      return [
        serviceArn(names),
        ecs(names, `service-deployment/${cluster}/${service}/*`),
        ecs(names, `service-revision/${cluster}/${service}/*`),
      ];
    },
  },
  Cluster: { on: (names) => [ecs(names, `cluster/${names.cluster}`)] },
  Hosts: { on: (names) => [ecs(names, `container-instance/${names.cluster}/*`)] },
  Tasks: { on: (names) => [ecs(names, `task/${names.cluster}/*`)] },
  ListsOfTheCluster: {
    on: everything,
    condition: (all) => ({
      ArnEquals: { 'ecs:cluster': oneOrAll(all.map((names) => ecs(names, `cluster/${names.cluster}`))) },
    }),
  },
  TaskDefinition: {
    on: taskDefinitions,
    condition: () => ({ StringEqualsIfExists: { 'ecs:privileged': 'false' } }),
  },
  PrivilegedTaskDefinition: { on: taskDefinitions },
  TagsOfTheTaskDefinition: {
    on: taskDefinitions,
    condition: () => ({ StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } }),
  },
  RollbackReasonOnTheTaskDefinition: {
    on: taskDefinitions,
    condition: () => ({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ROLLBACK_NOTE_KEY } }),
  },
  LeaseAndMemoryOnTheService: {
    on: (names) => [serviceArn(names)],
    condition: () => ({ 'ForAllValues:StringLike': { 'aws:TagKeys': 'ecs-ramp:*' } }),
  },
  RolesOfTheTasks: {
    on: ({ taskRoles }) => taskRoles,
    condition: () => ({ StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }),
  },
  InfrastructureRole: {
    on: ({ infrastructureRole }) => (infrastructureRole === null ? [] : [infrastructureRole]),
    condition: () => ({ StringEquals: { 'iam:PassedToService': 'ecs.amazonaws.com' } }),
  },
  ListenerRules: {
    // The rules are known only when they are read.
    on: ({ partition, region, account }) =>
      ['listener', 'listener-rule'].map(
        (kind) => `arn:${partition}:elasticloadbalancing:${region}:${account}:${kind}/app/*`,
      ),
  },
  ReadsThatCannotBeNarrowed: { on: everything },
  Certificates: {
    on: ({ partition, region, account }) => [`arn:${partition}:acm:${region}:${account}:certificate/*`],
  },
  CleaningUp: { on: everything },
  EveryCluster: { on: (names) => [ecs(names, 'service/*'), ecs(names, 'task/*')] },
  LogOfAFailedTask: {
    on: ({ partition, region, account, logGroups }) =>
      logGroups.map((group) => `arn:${partition}:logs:${region}:${account}:log-group:${group}:log-stream:*`),
  },
  RegistryLogin: { on: everything },
  Repository: {
    on: ({ partition, region, account, repository }) => {
      if (repository === null) return [];
      const registry = repository.registry ?? { region, account };
      return [`arn:${partition}:ecr:${registry.region}:${registry.account}:repository/${repository.name}`];
    },
  },
} as const satisfies Readonly<Record<string, StatementPlan>>;

export type StatementName = keyof typeof STATEMENTS;

/** One value as a string, several as a list without duplicates. */
export function oneOrAll(values: readonly string[]): string | readonly string[] {
  const [first, ...others] = [...new Set(values)];
  return first !== undefined && others.length === 0 ? first : [...new Set(values)];
}
