import type { PlacementConstraint, PlacementStrategy } from '@aws-sdk/client-ecs';
import { departureOf } from './departures.ts';
import { instancesOf, queryOf, remainingOf, subjectOf, tasksOn } from './instances.ts';
import { needOf, type Need } from './need.ts';
import { lastPart } from './names.ts';
import type { ClusterRecord, InstanceRecord, TaskDefinitionRecord, World } from './world.ts';

/** A task that needs a container instance. */
export interface PlacementRequest {
  readonly cluster: ClusterRecord;
  readonly taskDefinition: TaskDefinitionRecord;
  /** Only instances of this capacity provider; `null` for any instance of the cluster. */
  readonly capacityProvider: string | null;
  /** `service:web`: tasks of one group count for `distinctInstance` and `spread`. */
  readonly group: string;
  readonly constraints: readonly PlacementConstraint[];
  readonly strategy: readonly PlacementStrategy[];
}

/** Why there is no place, in the words of a service event and of RunTask's failures. */
export interface Obstacle {
  readonly event: string;
  readonly reason: string;
  /** The ARN that RunTask names. */
  readonly arn: string;
}

/** ECS's strategy for services without one. */
const DEFAULT_STRATEGY: readonly PlacementStrategy[] = [
  { type: 'spread', field: 'attribute:ecs.availability-zone' },
  { type: 'spread', field: 'instanceId' },
];

/** The instance for a task, by its needs, constraints and strategy. */
export function findInstance(
  world: World,
  request: PlacementRequest,
): { readonly instance: InstanceRecord } | { readonly obstacle: Obstacle } {
  const { cluster, capacityProvider } = request;
  const instances = instancesOf(world, cluster).filter(
    (instance) =>
      instance.status === 'ACTIVE' &&
      (capacityProvider === null || instance.capacityProvider === capacityProvider),
  );
  if (instances.length === 0) return { obstacle: noInstances(world, request) };
  const need = needOf(request.taskDefinition);
  const looked = instances.map((instance) => ({
    instance,
    failed: CHECKS.findIndex(({ passes }) => !passes({ world, instance, need, request })),
  }));
  const fitting = looked.filter(({ failed }) => failed === -1).map(({ instance }) => instance);
  if (fitting.length > 0) return { instance: choose(world, request, fitting) };
  const closest = looked.reduce((best, next) => (next.failed > best.failed ? next : best));
  return { obstacle: obstacleAt(closest.instance, CHECKS[closest.failed]!) };
}

interface Asked {
  readonly world: World;
  readonly instance: InstanceRecord;
  readonly need: Need;
  readonly request: PlacementRequest;
}

interface Check {
  readonly passes: (asked: Asked) => boolean;
  /** How RunTask names the failure. */
  readonly reason: string;
  /** Continues "The closest matching (container-instance 1234)". */
  readonly words: string;
}

const encountered = (reason: string) => ({ reason, words: `encountered error "${reason}".` });

/** The closest matching instance is the one that passes most of them. */
const CHECKS: readonly Check[] = [
  { ...encountered('AGENT'), passes: ({ instance }) => instance.agentConnected },
  {
    reason: 'ATTRIBUTE',
    words: 'is missing an attribute required by your task.',
    passes: ({ need, instance }) => need.attributes.every((name) => instance.attributes.has(name)),
  },
  {
    ...encountered('MemberOf placement constraint unsatisfied.'),
    passes: ({ world, instance, request }) =>
      expressionsOf(request).every((expression) => queryOf(expression)(subjectOf(world, instance))),
  },
  {
    ...encountered('DistinctInstance placement constraint unsatisfied.'),
    passes: ({ world, instance, request }) =>
      !request.constraints.some(({ type }) => type === 'distinctInstance') ||
      !tasksOn(world, instance).some(({ group }) => group === request.group),
  },
  {
    reason: 'RESOURCE:PORTS',
    words: 'is already using a port required by your task.',
    passes({ world, instance, need }) {
      const { ports } = remainingOf(world, instance);
      return need.ports.every((port) => !ports.has(port));
    },
  },
  {
    ...encountered('RESOURCE:ENI'),
    passes: ({ world, instance, need }) =>
      !need.networkInterface || remainingOf(world, instance).networkInterfaces > 0,
  },
  {
    reason: 'RESOURCE:CPU',
    words: 'has insufficient CPU units available.',
    passes: ({ world, instance, need }) => remainingOf(world, instance).cpu >= need.cpu,
  },
  {
    reason: 'RESOURCE:MEMORY',
    words: 'has insufficient memory available.',
    passes: ({ world, instance, need }) => remainingOf(world, instance).memory >= need.memory,
  },
];

/** The expressions of the service, or of RunTask, and of the task definition. */
function expressionsOf({ constraints, taskDefinition }: PlacementRequest): string[] {
  return [...constraints, ...(taskDefinition.definition.placementConstraints ?? [])].flatMap(
    ({ type, expression }) => (type === 'memberOf' && expression ? [expression] : []),
  );
}

function obstacleAt(instance: InstanceRecord, { reason, words }: Check): Obstacle {
  return {
    event:
      'was unable to place a task because no container instance met all of its requirements. ' +
      `The closest matching (container-instance ${lastPart(instance.arn)}) ${words} ${MORE}`,
    reason,
    arn: instance.arn,
  };
}

function noInstances(world: World, { cluster, capacityProvider }: PlacementRequest): Obstacle {
  const arn = world.names.arn('container-instance', cluster.name);
  if (capacityProvider !== null) {
    const reason = 'No Container Instances were found in your capacity provider.';
    return { event: `was unable to place a task. Reason: ${reason}`, reason, arn };
  }
  const reason = 'No Container Instances were found in your cluster.';
  const event = `was unable to place a task because no container instance met all of its requirements. Reason: ${reason} ${MORE}`;
  return { event, reason, arn };
}

const MORE = 'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';

/** Applies the strategies in their order, each among the best instances of the one before. */
function choose(
  world: World,
  { strategy, group }: PlacementRequest,
  fitting: readonly InstanceRecord[],
): InstanceRecord {
  let best = fitting;
  for (const { type, field = '' } of strategy.length > 0 ? strategy : DEFAULT_STRATEGY) {
    if (type === 'random') best = [best[Math.floor(world.random() * best.length)]!];
    if (type === 'spread') {
      const own = [...world.tasks.values()].filter(
        (task) =>
          task.group === group &&
          task.instance &&
          task.desiredStatus === 'RUNNING' &&
          departureOf(task) === null,
      );
      best = least(best, (instance) => {
        const value = fieldOf(instance, field);
        return own.filter((task) => fieldOf(task.instance!, field) === value).length;
      });
    }
    if (type === 'binpack') {
      const resource = field.toLowerCase() === 'cpu' ? 'cpu' : 'memory';
      best = least(best, (instance) => remainingOf(world, instance)[resource]);
    }
  }
  return best[0]!;
}

function fieldOf(instance: InstanceRecord, field: string): string | null | undefined {
  return field === 'instanceId' || field === 'host'
    ? instance.arn
    : instance.attributes.get(field.replace(/^attribute:/, ''));
}

function least<T>(items: readonly T[], value: (item: T) => number): T[] {
  const values = items.map(value);
  const lowest = Math.min(...values);
  return items.filter((_, index) => values[index] === lowest);
}
