import type { Task } from '@aws-sdk/client-ecs';
import { withNames } from '../../core/arn.ts';
import type { StoppedTask } from '../../core/trail/event.ts';

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
