import type { Task } from '@aws-sdk/client-ecs';
import { withNames } from '../../core/arn.ts';
import type { StoppedTask } from '../../core/trail/event.ts';

/**
 * Whether a stopped task is evidence against its release. Tasks stopped by ECS, a person, a Spot
 * interruption or a draining instance are not, unless ECS stopped them for failing health checks.
 */
export function failedByThemselves(task: Task): boolean {
  switch (task.stopCode) {
    case 'EssentialContainerExited':
    case 'TaskFailedToStart':
      return true;
    case 'ServiceSchedulerInitiated':
      return /failed .*health check/i.test(task.stoppedReason ?? '');
    default:
      return false;
  }
}

/** The task as the trail records it. */
export function stoppedTask(task: Task): StoppedTask {
  return {
    taskArn: task.taskArn!,
    stoppedAt: task.stoppedAt?.getTime() ?? null,
    stopCode: task.stopCode ?? null,
    reason: withNames(task.stoppedReason ?? 'no reason given'),
    containers: (task.containers ?? []).map((container) => ({
      name: container.name!,
      exitCode: container.exitCode ?? null,
      reason: container.reason ?? null,
    })),
  };
}
