import type { Target, TargetHealth } from '../ports.ts';
import { AwsError } from '../wire/service.ts';
import { tell } from './events.ts';
import type { ResolvedTargetGroup, TaskRecord, World } from './world.ts';

/** Stands for the instance of tasks in a cluster without container instances. */
const CONTAINER_INSTANCE = 'i-0ec5a4d80c0ffee00';

/**
 * Registers the task once in each target group of its revision. A refusal becomes a service event
 * and is retried.
 */
export function register(world: World, task: TaskRecord): void {
  const { revision, placement, registrations } = task;
  if (!revision || !placement) return;
  for (const group of revision.targetGroups) {
    const { targetGroupArn } = group;
    if (registrations.some((registration) => registration.targetGroupArn === targetGroupArn)) continue;
    const facts = world.loadBalancing.targetGroup(targetGroupArn);
    const id =
      facts?.targetType === 'instance'
        ? (task.instance?.ec2InstanceId ?? CONTAINER_INSTANCE)
        : placement.address;
    const target = { id, port: portOf(task, group) };
    try {
      world.loadBalancing.register(targetGroupArn, target);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const reason = `(target-group ${targetGroupArn}) with (error ${error.code} ${error.message})`;
      tell(world, revision.service, `failed to register targets in ${reason}`);
      continue;
    }
    registrations.push({ targetGroupArn, target });
    tell(world, revision.service, `registered 1 targets in (target-group ${targetGroupArn})`);
  }
}

/** Starts draining in every target group that has the task. */
export function deregister(world: World, task: TaskRecord): void {
  for (const { targetGroupArn, target } of task.registrations) {
    if (!world.loadBalancing.targetGroup(targetGroupArn)) continue;
    world.loadBalancing.deregister(targetGroupArn, target);
    if (task.revision) {
      tell(world, task.revision.service, `deregistered 1 targets in (target-group ${targetGroupArn})`);
    }
  }
}

/** Also true while a target group drains the task. */
export function isRegistered(world: World, task: TaskRecord): boolean {
  return task.registrations.some(
    ({ targetGroupArn, target }) => targetState(world, targetGroupArn, target).state !== 'unused',
  );
}

export function targetState(
  world: World,
  targetGroupArn: string,
  target: Target,
): Pick<TargetHealth, 'state' | 'description'> {
  const known = world.loadBalancing.targetGroup(targetGroupArn)
    ? world.loadBalancing.health(targetGroupArn)
    : [];
  return (
    known.find(({ id, port }) => id === target.id && port === target.port) ?? {
      state: 'unused',
      description: 'Target is not registered to the target group',
    }
  );
}

function portOf(task: TaskRecord, group: ResolvedTargetGroup): number {
  const mapping = task.placement?.ports.find(
    ({ container, containerPort }) =>
      container === group.containerName && containerPort === group.containerPort,
  );
  if (task.taskDefinition.definition.networkMode === 'awsvpc') return group.containerPort;
  return mapping?.hostPort ?? group.containerPort;
}
