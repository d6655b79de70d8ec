import type { ContainerInstance, Task } from '@aws-sdk/client-ecs';
import { stopCause } from './stop-cause.ts';

/** A task that does not serve any more although its release did nothing wrong. */
export interface TakenTask {
  readonly taskArn: string;
  /** When it was taken, milliseconds since 1970. */
  readonly at: number;
  /** Who or what took it; completes "taken by ...". */
  readonly by: string;
  /** It still runs: its host is going or gone, or ECS has only begun to stop it. */
  readonly isRunning: boolean;
}

/** The tasks among these stopped ones that were taken since the start of the rollout. Pure. */
export function takenTasks(
  stopped: readonly Task[],
  { startedAt, now }: { readonly startedAt: number; readonly now: number },
): readonly TakenTask[] {
  return stopped
    .filter((task) => stopCause(task) === 'platform')
    .map((task) => ({
      taskArn: task.taskArn!,
      at: stopTime(task) ?? now,
      by: takerOf(task),
      isRunning: task.lastStatus === 'RUNNING',
    }))
    .filter(({ at }) => at >= startedAt);
}

/**
 * The tasks among these running ones whose host is going or gone, before ECS stops them. `hosts` are
 * the container instances that could be read. Pure.
 */
export function tasksOnLostHosts(
  running: readonly Task[],
  hosts: readonly ContainerInstance[],
  now: number,
): readonly TakenTask[] {
  const lost = new Map(
    hosts.flatMap((host) => {
      const why = lossOf(host);
      return why === null ? [] : [[host.containerInstanceArn, why] as const];
    }),
  );
  return running.flatMap(({ taskArn, containerInstanceArn }) => {
    const by = lost.get(containerInstanceArn);
    return by === undefined ? [] : [{ taskArn: taskArn!, at: now, by, isRunning: true }];
  });
}

function lossOf({ status, agentConnected, ec2InstanceId = 'unknown' }: ContainerInstance): string | null {
  if (status === 'DRAINING') return `the draining of host ${ec2InstanceId}`;
  if (agentConnected === false) return `the loss of host ${ec2InstanceId}, which ECS cannot reach`;
  return status !== undefined && status !== 'ACTIVE' ? `the loss of host ${ec2InstanceId} (${status})` : null;
}

/** `null` while ECS has only decided to stop the task, which ends the task's traffic. */
function stopTime({ stoppingAt, stoppedAt }: Task): number | null {
  return (stoppingAt ?? stoppedAt)?.getTime() ?? null;
}

function takerOf({ stopCode, stoppedReason = 'no reason given' }: Task): string {
  const reason = stoppedReason.replace(/\.$/, '');
  const [, host] = /^Host EC2 \(instance ([^)]+)\)/i.exec(reason) ?? [];
  if (host !== undefined) return `the loss of host ${host}`;
  if (stopCode === 'SpotInterruption' || /Spot Task was interrupted/i.test(reason))
    return 'a Spot interruption';
  if (/maintenance/i.test(reason)) return 'maintenance of its host by AWS';
  if (/impaired/i.test(reason)) return 'impaired infrastructure';
  if (/draining/i.test(reason)) return 'the draining of its host';
  if (stopCode === 'UserInitiated') return `a person or a tool (${reason})`;
  return `ECS (${reason})`;
}
