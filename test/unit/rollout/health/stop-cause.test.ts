import { expect, test } from '@jest/globals';
import { stopCause } from '../../../../src/rollout/health/stop-cause.ts';

test.each([
  ['EssentialContainerExited', 'Essential container in task exited', 'release'],
  ['TaskFailedToStart', 'CannotPullContainerError: ...', 'release'],
  ['TaskFailedToStart', 'ResourceInitializationError: unable to pull secrets or registry auth', 'release'],
  ['ServiceSchedulerInitiated', 'Task failed ELB health checks in (target-group x)', 'release'],
  ['ServiceSchedulerInitiated', 'Task failed container health checks', 'release'],
  ['TaskFailedToStart', 'Capacity is unavailable at this time.', 'capacity'],
  ['TaskFailedToStart', 'Timeout waiting for network interface provisioning to complete.', 'capacity'],
  ['ServiceSchedulerInitiated', 'Scaling activity initiated by (deployment ecs-svc/1)', 'platform'],
  ['SpotInterruption', 'Your Spot Task was interrupted.', 'platform'],
  ['TerminationNotice', 'Host EC2 (instance i-0123456789abcdef0) terminated.', 'platform'],
  ['EssentialContainerExited', 'Host EC2 (instance i-0123456789abcdef0) terminated.', 'platform'],
  ['ServiceSchedulerInitiated', 'Task stopped during instance draining', 'platform'],
  [
    'ServiceSchedulerInitiated',
    'ECS is performing maintenance on the underlying infrastructure hosting the task.',
    'platform',
  ],
  ['UserInitiated', 'Task stopped by user', 'platform'],
] as const)('%s (%s) is a matter of the %s', (stopCode, stoppedReason, cause) => {
  expect(stopCause({ stopCode, stoppedReason })).toBe(cause);
});
