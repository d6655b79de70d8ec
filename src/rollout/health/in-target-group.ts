import type { Task } from '@aws-sdk/client-ecs';
import type { TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';

/**
 * Whether a target group finds a task healthy; `null` when it does not know the address of the task
 * or its state is neither healthy nor unhealthy. Pure.
 */
export function foundIn(targets: readonly TargetHealthDescription[], task: Task): boolean | null {
  const target = targets.find((each) => isTargetOf(each, task));
  switch (target?.TargetHealth?.State) {
    case 'healthy':
      return true;
    case 'unhealthy':
      return false;
    default:
      return null;
  }
}

/** Whether a target has an address of the task. Pure. */
export function isTargetOf({ Target }: Pick<TargetHealthDescription, 'Target'>, task: Task): boolean {
  return addressesOf(task).has(Target?.Id ?? '');
}

/**
 * Whether the target group registers tasks by address. It does not when the targets are instances.
 * Pure.
 */
export function knowsTasks(targets: readonly TargetHealthDescription[]): boolean {
  return targets.some(({ Target }) => /[.:]/.test(Target?.Id ?? ''));
}

function addressesOf({ attachments = [], containers = [] }: Task): ReadonlySet<string> {
  const details = attachments.flatMap(({ details = [] }) => details);
  const attached = details.flatMap(({ name, value }) =>
    name === 'privateIPv4Address' && value ? [value] : [],
  );
  const own = containers.flatMap(({ networkInterfaces = [] }) =>
    networkInterfaces.flatMap(({ privateIpv4Address }) => privateIpv4Address ?? []),
  );
  return new Set([...attached, ...own]);
}
