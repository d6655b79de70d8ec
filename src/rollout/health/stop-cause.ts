import type { Task } from '@aws-sdk/client-ecs';

/**
 * Why ECS does not run a task. `release`: it stopped by itself, did not start, or failed health
 * checks. `capacity`: there was no room to start it. `platform`: somebody else stopped it: ECS, EC2,
 * Fargate or a person.
 */
export type StopCause = 'release' | 'capacity' | 'platform';

/** The cause of a stopped task, from what ECS says about it and nothing else. Pure. */
export function stopCause({ stopCode, stoppedReason = '' }: Task): StopCause {
  if (TAKEN.test(stoppedReason)) return 'platform';
  switch (stopCode) {
    case 'EssentialContainerExited':
      return 'release';
    case 'TaskFailedToStart':
      return isCapacity(stoppedReason) ? 'capacity' : 'release';
    case 'ServiceSchedulerInitiated':
      return /failed .*health check/i.test(stoppedReason) ? 'release' : 'platform';
    default:
      return 'platform';
  }
}

/** Whether a reason of ECS names missing capacity and not a mistake of the release. Pure. */
export function isCapacity(reason: string): boolean {
  return NO_ROOM.some((pattern) => pattern.test(reason));
}

/** A host that is lost can end a container before ECS stops its task. */
const TAKEN =
  /^Host EC2 \(instance|Spot Task was interrupted|during instance draining|maintenance on the underlying/i;

/**
 * Reasons in service events, stopped tasks and failures of RunTask. Other reasons of the same events
 * are faults of the release, for example CannotPullContainerError.
 */
const NO_ROOM: readonly RegExp[] = [
  /no container instances? (met all|were found)/i,
  /\bRESOURCE:\w+/,
  /insufficient (cpu|memory|gpu|capacity|free|ip|eni)/i,
  /capacity is (un|not )available|no capacity|insufficient\w*capacity|UnfulfillableCapacity/i,
  /limit on the number of vCPUs|vcpu ?limit|MaxSpotInstanceCount|max spot instance count/i,
  /network interface provisioning|NetworkInterfaceLimit|AttachmentLimitExceeded/i,
  /free (ip )?addresses|InsufficientFreeAddresses/i,
  /unable to launch instances?/i,
];
