import { deepEqual, equal } from 'node:assert/strict';
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { ContractCase, Place } from '../contract.ts';
import { eventually, refused } from '../contract.ts';

export const logsCases: readonly ContractCase[] = [
  {
    name: 'logs: a group can be created once, found by prefix, and no longer exists after it is deleted',
    async run(place) {
      const logGroupName = await createGroup(place);
      const { logs } = place;
      await refused('ResourceAlreadyExistsException', logs.send(new CreateLogGroupCommand({ logGroupName })));
      const found = async () => {
        const { logGroups } = await logs.send(
          new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }),
        );
        return logGroups!.map((group) => group.logGroupName);
      };
      deepEqual(await found(), [logGroupName]);
      await logs.send(new DeleteLogGroupCommand({ logGroupName }));
      deepEqual(await found(), []);
      await refused('ResourceNotFoundException', logs.send(new DeleteLogGroupCommand({ logGroupName })));
    },
  },
  {
    name: 'logs: events are in order, from the head if requested, and the token repeats at the end',
    async run(place) {
      const { logGroupName, logStreamName } = await writeLines(place);
      await eventually(place.clock, async () => {
        const { events } = await place.logs.send(
          new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true }),
        );
        deepEqual(
          events!.map(({ message }) => message),
          ['one ERROR', 'two', 'three ERROR'],
        );
      });
      const { events } = await place.logs.send(
        new GetLogEventsCommand({ logGroupName, logStreamName, limit: 1 }),
      );
      equal(events![0]!.message, 'three ERROR');
      const first = await place.logs.send(
        new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true }),
      );
      const next = await place.logs.send(
        new GetLogEventsCommand({
          logGroupName,
          logStreamName,
          startFromHead: true,
          nextToken: first.nextForwardToken,
        }),
      );
      deepEqual([next.events, next.nextForwardToken], [[], first.nextForwardToken]);
    },
  },
  {
    name: 'logs: a filter finds events by a word',
    async run(place) {
      const { logGroupName } = await writeLines(place);
      await eventually(place.clock, async () => {
        const { events } = await place.logs.send(
          new FilterLogEventsCommand({ logGroupName, filterPattern: 'ERROR' }),
        );
        deepEqual(
          events!.map(({ message }) => message),
          ['one ERROR', 'three ERROR'],
        );
      });
    },
  },
  {
    name: 'logs: streams are found by prefix, and missing groups and streams are refused',
    async run(place) {
      const { logGroupName, logStreamName } = await writeLines(place);
      const { logStreams } = await place.logs.send(
        new DescribeLogStreamsCommand({ logGroupName, logStreamNamePrefix: 'ecs/' }),
      );
      deepEqual(
        logStreams!.map((stream) => stream.logStreamName),
        [logStreamName],
      );
      const missing = place.name('missing');
      for (const asked of [
        { logGroupName: missing, logStreamName },
        { logGroupName, logStreamName: missing },
      ])
        await refused('ResourceNotFoundException', place.logs.send(new GetLogEventsCommand(asked)));
    },
  },
  {
    name: 'logs: a group keeps its retention',
    async run(place) {
      const logGroupName = await createGroup(place);
      await place.logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 7 }));
      const { logGroups } = await place.logs.send(
        new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }),
      );
      equal(logGroups![0]!.retentionInDays, 7);
    },
  },
];

async function createGroup({ logs, name, later }: Place): Promise<string> {
  const logGroupName = name('log');
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  later(() => logs.send(new DeleteLogGroupCommand({ logGroupName })));
  return logGroupName;
}

async function writeLines(place: Place) {
  const logGroupName = await createGroup(place);
  const logStreamName = 'ecs/web/0123';
  await place.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const timestamp = place.clock.now() - 5_000;
  await place.logs.send(
    new PutLogEventsCommand({
      logGroupName,
      logStreamName,
      logEvents: ['one ERROR', 'two', 'three ERROR'].map((message, index) => ({
        message,
        timestamp: timestamp + index,
      })),
    }),
  );
  return { logGroupName, logStreamName };
}
