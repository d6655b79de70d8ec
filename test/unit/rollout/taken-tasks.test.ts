// Rollouts in which ECS, EC2, Fargate or a person takes tasks from a revision.
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { DescribeContainerInstancesCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import { MINUTE, SECOND } from '../../../src/core/time/clock.ts';
import { describeTasks } from '../../../src/aws/ecs/tasks.ts';
import { rollOutVersion2, type RolloutOptions } from '../../support/roll-out-version-2.ts';
import type { SimulatedAws } from '../../support/simulated-aws.ts';

// An hour of a simulated rollout takes some seconds.
jest.setTimeout(120_000);

let aws: SimulatedAws | null = null;
afterEach(async () => {
  await aws?.close();
  aws = null;
});

const release = (options: RolloutOptions) => rollOutVersion2(options, (made) => (aws = made));

/** The ARNs of the tasks of a revision, and the EC2 instances that they run on. */
async function tasksOfRevision({ bystander }: SimulatedAws, revision: 'old' | 'new') {
  const ecs = await bystander.ecs();
  const service = { cluster: 'shop', name: 'web' };
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster: 'shop', serviceName: 'web' }));
  const tasks = await describeTasks(ecs, service, taskArns);
  const definitions = [...new Set(tasks.map(({ taskDefinitionArn }) => taskDefinitionArn!))].toSorted();
  const wanted = revision === 'old' ? definitions[0] : definitions.at(-1);
  return tasks
    .filter(({ taskDefinitionArn, lastStatus }) => taskDefinitionArn === wanted && lastStatus === 'RUNNING')
    .map(({ taskArn, containerInstanceArn }) => ({ arn: taskArn!, host: containerInstanceArn ?? null }));
}

const arnsOf = async (simulated: SimulatedAws, revision: 'old' | 'new', most = Infinity) =>
  (await tasksOfRevision(simulated, revision)).slice(0, most).map(({ arn }) => arn);

const blamed = ({ eventsOfKind }: Awaited<ReturnType<typeof release>>) =>
  eventsOfKind('rollback-requested').map(({ cause, reason }) => `${cause}: ${reason}`);

/** What takes the tasks. */
const TAKERS = {
  'a Spot interruption': (simulated: SimulatedAws, tasks: readonly string[]) =>
    simulated.platform.interruptSpotTasks(tasks),
  'maintenance of its host by AWS': (simulated: SimulatedAws, tasks: readonly string[]) =>
    simulated.platform.retire(tasks),
  'impaired infrastructure': (simulated: SimulatedAws, tasks: readonly string[]) =>
    simulated.platform.impair(tasks),
  ECS: (simulated: SimulatedAws, tasks: readonly string[]) => simulated.platform.rebalance(tasks),
} as const;

describe('a good release whose tasks are taken at 30%', () => {
  test.each([
    ['a Spot interruption', 1, 1],
    ['a Spot interruption', 1, 2],
    ['a Spot interruption', 4, 4],
    ['maintenance of its host by AWS', 2, 2],
    ['impaired infrastructure', 2, 2],
    ['ECS', 2, 2],
  ] as const)('by %s, %i of %i, is not blamed and goes to 100%%', async (by, count, desiredCount) => {
    const story = await release({
      desiredCount,
      // Fargate and EC2 need longer than the job needs to notice.
      behaviour: { startsAfter: 20 * SECOND },
      at: { 30: async (simulated) => TAKERS[by](simulated, await arnsOf(simulated, 'new', count)) },
    });
    expect(blamed(story)).toEqual([]);
    expect(story.result.outcome).toBe('deployed');
    const told = story.eventsOfKind('notice').map(({ message }) => message);
    // The users of a revision without tasks get answers from the old one.
    const isGone = told.some((message) => message.startsWith('No task of the new revision can serve'));
    const isReplacedFirst = by === 'ECS' || by === 'maintenance of its host by AWS';
    expect(isGone).toBe(count === desiredCount && !isReplacedFirst);
    const were = count === 1 ? 'was' : 'were';
    expect(told).toContainEqual(expect.stringContaining(`of the new revision ${were} taken by ${by}`));
  });
});

test('a job that may not change the weights goes back to the old revision, and does not blame the release', async () => {
  let isFull = false;
  const story = await release({
    desiredCount: 1,
    whyNoPlace: () => (isFull ? 'no container instance met all of its requirements' : null),
    at: {
      30: async (simulated) => {
        isFull = true;
        TAKERS['a Spot interruption'](simulated, await arnsOf(simulated, 'new'));
      },
    },
    faultsFrom10Percent: [
      {
        service: 'elastic-load-balancing-v2',
        // The production rule is the default rule of its listener.
        operation: 'ModifyListener',
        error: 'AccessDenied',
        status: 403,
        times: 100,
      },
    ],
  });
  expect(blamed(story)).toEqual([expect.stringMatching(/^capacity: this is not the fault of the release/)]);
  expect(story.result.outcome).toBe('rolled-back');
  expect(story.canaryShare).toBe(0);
});

test('tasks of the old revision that are taken stop the judge and the next step, too', async () => {
  const story = await release({
    at: {
      10: async (simulated) => TAKERS['a Spot interruption'](simulated, await arnsOf(simulated, 'old', 1)),
    },
  });
  expect(blamed(story)).toEqual([]);
  expect(story.result.outcome).toBe('deployed');
  expect(story.eventsOfKind('evaluated').at(-1)?.interrupted).toMatchObject([
    { because: '1 task of the old revision was taken by a Spot interruption' },
  ]);
});

test('a release that crashes is blamed, although a task of it was taken just before', async () => {
  const story = await release({
    behaviour: { exitsAfter: 12 * MINUTE },
    at: {
      10: async (simulated) => TAKERS['a Spot interruption'](simulated, await arnsOf(simulated, 'new', 1)),
    },
  });
  expect(blamed(story)).toEqual([expect.stringMatching(/^health: /)]);
});

test('a release that fails its requests is blamed, although its tasks are taken again and again', async () => {
  const story = await release({
    behaviour: { errorRate: 0.2 },
    at: {
      10: async (simulated) => TAKERS['a Spot interruption'](simulated, await arnsOf(simulated, 'new', 1)),
    },
  });
  expect(blamed(story)).toEqual([expect.stringMatching(/^judge: /)]);
});

describe('on a cluster of instances', () => {
  const host = { cpu: 2048, memory: 4096 };

  test('a host that is drained at 30% is not the fault of the release', async () => {
    const story = await release({
      instances: [host, host, host, host],
      at: {
        30: async (simulated) => {
          const [task] = await tasksOfRevision(simulated, 'new');
          simulated.platform.drain(await ec2InstanceOf(simulated, task!.host!));
        },
      },
    });
    expect(blamed(story)).toEqual([]);
    expect(story.result.outcome).toBe('deployed');
  });

  test.each([5, 90])('a host that is lost, which ECS notices after %i s, is not either', async (seconds) => {
    const story = await release({
      instances: [host, host, host, host],
      at: {
        30: async (simulated) => {
          const [task] = await tasksOfRevision(simulated, 'new');
          simulated.platform.terminate(await ec2InstanceOf(simulated, task!.host!), {
            noticedAfter: seconds * SECOND,
          });
        },
      },
    });
    expect(blamed(story)).toEqual([]);
    expect(story.result.outcome).toBe('deployed');
  });
});

async function ec2InstanceOf({ bystander }: SimulatedAws, containerInstanceArn: string): Promise<string> {
  const ecs = await bystander.ecs();
  const answer = await ecs.send(
    new DescribeContainerInstancesCommand({ cluster: 'shop', containerInstances: [containerInstanceArn] }),
  );
  return answer.containerInstances![0]!.ec2InstanceId!;
}
