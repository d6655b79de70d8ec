import { describe, expect, test } from '@jest/globals';
import type { Task } from '@aws-sdk/client-ecs';
import { shortageOf, type Placement } from '../../../../src/rollout/health/shortage.ts';

const START = Date.parse('2026-05-05T10:00:00Z');
const at = (minutes: number) => new Date(START + minutes * 60_000);
const minutes = (count: number) => START + count * 60_000;

const FULL =
  '(service web) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 1234) has insufficient CPU units available. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';

function placement(different: Partial<Placement>): Placement {
  return { desired: 2, wanted: [], stopped: [], events: [], startedAt: START, ...different };
}
const placed = (createdAt: Date): Task => ({
  lastStatus: 'PENDING',
  containerInstanceArn: 'arn:aws:ecs:eu-west-1:123456789012:container-instance/shop/1',
  launchType: 'EC2',
  createdAt,
});

test('there is no shortage before ECS says so', () => {
  expect(shortageOf(placement({}))).toBeNull();
  const steady = { createdAt: at(1), message: '(service web) has started 2 tasks: (task 1) (task 2).' };
  expect(shortageOf(placement({ events: [steady] }))).toBeNull();
});

test('a full cluster is told in the words of ECS, without the name of the service and the manual', () => {
  const events = [
    { createdAt: at(4), message: FULL },
    { createdAt: at(1), message: FULL },
  ];
  expect(shortageOf(placement({ events }))).toEqual({
    said: 'was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 1234) has insufficient CPU units available',
    since: minutes(1),
    until: null,
  });
});

describe('what ECS said before the rollout', () => {
  const full = { createdAt: at(-60), message: FULL };
  test.each(['has started 1 tasks: (task 1).', 'has reached a steady state.'])(
    'does not count when it was over: %s',
    (message) => {
      const over = { createdAt: at(-10), message: `(service web) ${message}` };
      expect(shortageOf(placement({ events: [over, full] }))).toBeNull();
    },
  );
  test('counts from the start when it was the last word, because ECS repeats it only after six hours', () => {
    const deregistered = {
      createdAt: at(-10),
      message: '(service web) deregistered 1 targets in (target-group a)',
    };
    const events = [deregistered, full];
    expect(shortageOf(placement({ events }))).toMatchObject({ since: START, until: null });
    const wanted = [placed(at(1)), placed(at(1))];
    expect(shortageOf(placement({ events, wanted }))).toMatchObject({ until: minutes(1) });
  });
});

test('a part of the tasks that is placed does not end it, although ECS does not say so again', () => {
  const events = [{ createdAt: at(1), message: FULL }];
  expect(shortageOf(placement({ events, wanted: [placed(at(15))] }))).toMatchObject({ until: null });
});

test('the shortage ends with the task that is placed last', () => {
  const events = [{ createdAt: at(1), message: FULL }];
  const wanted = [placed(at(1)), placed(at(15))];
  expect(shortageOf(placement({ events, wanted }))).toMatchObject({ until: minutes(15) });
});

test('a part of the tasks that is placed does not end it, as long as ECS says so again', () => {
  const events = [
    { createdAt: at(16), message: FULL },
    { createdAt: at(1), message: FULL },
  ];
  expect(shortageOf(placement({ events, wanted: [placed(at(15))] }))).toMatchObject({ until: null });
});

test('a task that was placed after the shortage and exited is not waited for', () => {
  const events = [{ createdAt: at(1), message: FULL }];
  const exited: Task = {
    createdAt: at(9),
    stoppedAt: at(10),
    lastStatus: 'STOPPED',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
  };
  expect(shortageOf(placement({ events, stopped: [exited] }))).toMatchObject({ until: minutes(9) });
});

describe('a capacity provider', () => {
  test('keeps tasks in PROVISIONING while it waits for an instance', () => {
    const wanted: Task[] = [
      { lastStatus: 'PROVISIONING', createdAt: at(1), capacityProviderName: 'shop-instances' },
    ];
    expect(shortageOf(placement({ wanted }))).toEqual({
      said: 'tasks wait for an instance of capacity provider shop-instances',
      since: minutes(1),
      until: null,
    });
  });

  test('of Fargate does not: PROVISIONING is the first state of each of its tasks', () => {
    const wanted: Task[] = [
      { lastStatus: 'PROVISIONING', createdAt: at(1), launchType: 'FARGATE' },
      { lastStatus: 'PROVISIONING', createdAt: at(1), capacityProviderName: 'FARGATE_SPOT' },
    ];
    expect(shortageOf(placement({ wanted }))).toBeNull();
  });
});

const failed = (stoppedReason: string): Task => ({
  createdAt: at(1),
  stoppedAt: at(2),
  lastStatus: 'STOPPED',
  stopCode: 'TaskFailedToStart',
  stoppedReason,
});

describe('tasks that could not start', () => {
  test.each([
    'Capacity is unavailable at this time. Please try again later or in a different availability zone',
    'Timeout waiting for network interface provisioning to complete.',
    'Unexpected EC2 error while attempting to create network interface in subnet subnet-1: InsufficientFreeAddressesInSubnet',
    'RESOURCE:ENI',
    'ResourceInitializationError: Unable to launch instance(s) for capacity provider shop. UnfulfillableCapacity',
  ])('for lack of capacity: %s', (reason) => {
    expect(shortageOf(placement({ stopped: [failed(reason)] }))).toMatchObject({
      said: reason.replace(/\.$/, ''),
      until: null,
    });
  });

  test.each([
    'CannotPullContainerError: pull image manifest has been retried 1 time(s)',
    'ResourceInitializationError: unable to pull secrets or registry auth',
    'CannotStartContainerError: exec format error',
  ])('for a fault of the release: %s', (reason) => {
    expect(shortageOf(placement({ stopped: [failed(reason)] }))).toBeNull();
    const event = {
      createdAt: at(2),
      message: `(service web) was unable to place a task. Reason: ${reason}`,
    };
    expect(shortageOf(placement({ events: [event] }))).toBeNull();
  });

  test.each([
    'Capacity is unavailable at this time. Please try again later or in a different availability zone',
    'You’ve reached the limit on the number of vCPUs you can run concurrently',
    'No Container Instances were found in your cluster',
  ])('is also told by an event alone: %s', (reason) => {
    const event = {
      createdAt: at(2),
      message: `(service web) was unable to place a task. Reason: ${reason}.`,
    };
    expect(shortageOf(placement({ events: [event] }))).toMatchObject({ until: null });
  });
});
