import type { ECSClient } from '@aws-sdk/client-ecs';
import {
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  type TargetGroup,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { readServiceEvents } from '../../aws/ecs/service-events.ts';
import type { ServiceRef } from '../../core/service-ref.ts';
import type { StoppedTask } from '../../core/trail/event.ts';
import type { Arm } from '../traffic/traffic-mover.ts';
import { checkInEvents, checkOfTarget, failedCheckInWords, type FailedCheck } from './failed-check.ts';

export interface FailedCheckReaderOptions {
  readonly ecs: ECSClient;
  readonly elb: ElasticLoadBalancingV2Client;
  readonly service: ServiceRef;
  readonly canary: Arm;
}

/** What was seen of the canary. */
interface Seen {
  /** An unhealthy target; `null` when there is none. */
  readonly failing: TargetHealthDescription | null;
  /** Its failed tasks, newest first. */
  readonly crashed: readonly StoppedTask[];
  /** Start of the rollout, milliseconds since 1970. */
  readonly startedAt: number;
}

/**
 * The last health check that a target of the canary failed, in words; `null` when none did. It is
 * kept, because ECS soon replaces the task of an unhealthy target, and its answer is gone. It only
 * explains, so what AWS refuses is left out.
 */
export function createFailedCheckReader({
  ecs,
  elb,
  service,
  canary: { group },
}: FailedCheckReaderOptions): (seen: Seen) => Promise<string | null> {
  let known: TargetGroup | null = null;
  let last: string | null = null;

  async function settings(targetGroupArn: string): Promise<TargetGroup | null> {
    const command = new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroupArn] });
    known ??= (await elb.send(command).catch(() => null))?.TargetGroups?.[0] ?? null;
    return known;
  }

  /** The target may be gone before its answer was read, but ECS keeps it as a service event. */
  async function find({ failing, crashed, startedAt }: Seen): Promise<FailedCheck | null> {
    if (failing !== null) return checkOfTarget(failing);
    if (last !== null || crashed[0]?.stopCode !== 'ServiceSchedulerInitiated') return null;
    return checkInEvents(await readServiceEvents(ecs, service).catch(() => []), startedAt);
  }

  return async (seen) => {
    const found = await find(seen);
    if (found !== null && group !== null)
      last = failedCheckInWords(found, await settings(group.targetGroupArn));
    return last;
  };
}
