import type {
  CreateLogGroupRequest,
  CreateLogStreamRequest,
  DeleteLogGroupRequest,
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
  FilterLogEventsRequest,
  FilterLogEventsResponse,
  GetLogEventsRequest,
  GetLogEventsResponse,
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  PutLogEventsRequest,
  PutLogEventsResponse,
  PutRetentionPolicyRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Clock } from '../../src/core/time/clock.ts';
import type { LogSink, MetricSink } from '../ports.ts';
import { AwsError } from '../wire/service.ts';
import { checkTags } from '../wire/tag-rules.ts';
import type { Caller, Service } from '../wire/service.ts';
import { embeddedMetrics } from './embedded-metrics.ts';
import { parseFilter } from './filter.ts';
import { createLogStore } from './log-store.ts';
import type { LogEvent, LogGroup, LogStream } from './log-store.ts';

const MOST_EVENTS = 10_000;
const MOST_LISTED = 50;
const RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/**
 * CloudWatch Logs in memory, for the output of containers and for PutLogEvents. `metrics` receives
 * embedded metrics.
 */
export function createCloudWatchLogs({ clock, metrics }: { clock: Clock; metrics?: MetricSink }): {
  service: Service;
  sink: LogSink;
} {
  const store = createLogStore(clock);
  const append = (stream: LogStream, event: { at: number; message: string }) => {
    store.append(stream, event);
    if (metrics) for (const sample of embeddedMetrics(event.message)) metrics.record(sample);
  };

  const operations: Service['operations'] = {
    CreateLogGroup({ logGroupName, tags = {} }: CreateLogGroupRequest) {
      checkTags(Object.entries(tags), {
        invalid: 'InvalidParameterException',
        tooMany: 'InvalidParameterException',
      });
      store.createGroup(required(logGroupName, 'logGroupName')).tags = tags;
    },

    ListTagsForResource({ resourceArn }: ListTagsForResourceRequest): ListTagsForResourceResponse {
      const [, name] = /:log-group:([^:]+)$/.exec(required(resourceArn, 'resourceArn')) ?? [];
      return { tags: store.group(name ?? '').tags };
    },

    DeleteLogGroup({ logGroupName }: DeleteLogGroupRequest) {
      store.deleteGroup(required(logGroupName, 'logGroupName'));
    },

    CreateLogStream({ logGroupName, logStreamName }: CreateLogStreamRequest) {
      store.createStream(required(logGroupName, 'logGroupName'), required(logStreamName, 'logStreamName'));
    },

    PutRetentionPolicy({ logGroupName, retentionInDays }: PutRetentionPolicyRequest) {
      const days = required(retentionInDays, 'retentionInDays');
      if (!RETENTION_DAYS.includes(days)) {
        throw invalid(`${days} is not a retention: choose one of ${RETENTION_DAYS.join(', ')} days`);
      }
      store.group(required(logGroupName, 'logGroupName')).retentionInDays = days;
    },

    PutLogEvents({ logGroupName, logStreamName, logEvents }: PutLogEventsRequest): PutLogEventsResponse {
      const stream = store.stream(
        required(logGroupName, 'logGroupName'),
        required(logStreamName, 'logStreamName'),
      );
      const events = required(logEvents, 'logEvents').map(({ timestamp, message }) => ({
        at: required(timestamp, 'timestamp'),
        message: required(message, 'message'),
      }));
      if (events.some((event, i) => i > 0 && event.at < events[i - 1]!.at)) {
        throw invalid('Log events in a single PutLogEvents request must be in chronological order.');
      }
      for (const event of events) append(stream, event);
      return { nextSequenceToken: String(stream.ingested) };
    },

    DescribeLogGroups(input: DescribeLogGroupsRequest, caller): DescribeLogGroupsResponse {
      const pattern = input.logGroupNamePattern?.toLowerCase();
      const found = store
        .groups()
        .filter(
          ({ name }) =>
            name.startsWith(input.logGroupNamePrefix ?? '') && name.toLowerCase().includes(pattern ?? ''),
        );
      const { shown, nextToken } = page(found, input.nextToken, input.limit ?? MOST_LISTED);
      return { logGroups: shown.map((group) => describeGroup(group, caller)), nextToken };
    },

    DescribeLogStreams(input: DescribeLogStreamsRequest, caller): DescribeLogStreamsResponse {
      const group = store.group(groupName(input));
      const found = [...group.streams.values()]
        .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ''))
        .toSorted((a, b) =>
          input.orderBy === 'LastEventTime'
            ? (a.events.at(-1)?.at ?? 0) - (b.events.at(-1)?.at ?? 0)
            : compare(a.name, b.name),
        );
      if (input.descending) found.reverse();
      const { shown, nextToken } = page(found, input.nextToken, input.limit ?? MOST_LISTED);
      return { logStreams: shown.map((stream) => describeStream(group, stream, caller)), nextToken };
    },

    GetLogEvents(input: GetLogEventsRequest): GetLogEventsResponse {
      const stream = store.stream(groupName(input), required(input.logStreamName, 'logStreamName'));
      const limit = input.limit ?? MOST_EVENTS;
      const found = stream.events.filter(isWithin(input));
      const [from, upTo] = eventWindow(found, input, limit);
      const shown = found.slice(from, upTo);
      return {
        events: shown.map(({ at, message, ingested }) => ({
          timestamp: at,
          message,
          ingestionTime: ingested,
        })),
        // At the end, the same token is returned, by which callers notice it.
        nextForwardToken: `f/${shown.at(-1)?.number ?? found.at(-1)?.number ?? -1}`,
        nextBackwardToken: `b/${shown[0]?.number ?? found[0]?.number ?? 0}`,
      };
    },

    FilterLogEvents(input: FilterLogEventsRequest): FilterLogEventsResponse {
      const group = store.group(groupName(input));
      const matches = parseFilter(input.filterPattern ?? '');
      const names = input.logStreamNames;
      const found = [...group.streams.values()]
        .filter(({ name }) => !names || names.includes(name))
        .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ''))
        .flatMap((stream) =>
          stream.events
            .filter(isWithin(input))
            .filter(({ message }) => matches(message))
            .map((event) => ({ stream, event })),
        )
        .toSorted((a, b) => a.event.at - b.event.at);
      const { shown, nextToken } = page(found, input.nextToken, input.limit ?? MOST_EVENTS);
      return {
        events: shown.map(({ stream, event }) => ({
          logStreamName: stream.name,
          timestamp: event.at,
          message: event.message,
          ingestionTime: event.ingested,
          eventId: `${stream.name}/${event.number}`,
        })),
        searchedLogStreams: [],
        nextToken,
      };
    },
  };

  return {
    service: { name: 'cloudwatch-logs', operations },
    sink: {
      append(group, stream, at, message) {
        append(store.streamMade(group, stream), { at, message });
      },
    },
  };
}

function describeGroup(group: LogGroup, caller: Caller) {
  return {
    logGroupName: group.name,
    creationTime: group.created,
    retentionInDays: group.retentionInDays ?? undefined,
    metricFilterCount: 0,
    arn: `${groupArn(group, caller)}:*`,
    logGroupArn: groupArn(group, caller),
    storedBytes: 0,
  };
}

function describeStream(group: LogGroup, stream: LogStream, caller: Caller) {
  return {
    logStreamName: stream.name,
    creationTime: stream.created,
    firstEventTimestamp: stream.events[0]?.at,
    lastEventTimestamp: stream.events.at(-1)?.at,
    lastIngestionTime: stream.events.at(-1)?.ingested,
    uploadSequenceToken: String(stream.ingested),
    arn: `${groupArn(group, caller)}:log-stream:${stream.name}`,
    storedBytes: 0,
  };
}

function groupArn({ name }: LogGroup, { region, account }: Caller): string {
  return `arn:aws:logs:${region}:${account}:log-group:${name}`;
}

/** The group, given by name or ARN. */
function groupName({
  logGroupName,
  logGroupIdentifier,
}: {
  readonly logGroupName?: string;
  readonly logGroupIdentifier?: string;
}): string {
  const identifier = logGroupName ?? required(logGroupIdentifier, 'logGroupName');
  return identifier.replace(/^arn:[^:]+:logs:[^:]*:[^:]*:log-group:/, '').replace(/:\*$/, '');
}

/**
 * The range of the events to return: by the token, otherwise the newest, or the oldest with
 * startFromHead.
 */
function eventWindow(
  found: readonly LogEvent[],
  { nextToken, startFromHead }: GetLogEventsRequest,
  limit: number,
): [from: number, upTo: number] {
  if (nextToken === undefined) {
    return startFromHead ? [0, limit] : [Math.max(0, found.length - limit), found.length];
  }
  const [, direction, number] = /^([fb])\/(-?\d+)$/.exec(nextToken) ?? [];
  if (!direction) throw invalid('The specified nextToken is invalid.');
  const next = found.findIndex((event) =>
    direction === 'f' ? event.number > Number(number) : event.number >= Number(number),
  );
  const edge = next === -1 ? found.length : next;
  return direction === 'f' ? [edge, edge + limit] : [Math.max(0, edge - limit), edge];
}

function isWithin({ startTime, endTime }: { readonly startTime?: number; readonly endTime?: number }) {
  return ({ at }: LogEvent) => at >= (startTime ?? -Infinity) && at < (endTime ?? Infinity);
}

function page<T>(items: readonly T[], token: string | undefined, limit: number) {
  const first = Number(token ?? '0');
  if (!Number.isInteger(first)) throw invalid('The specified nextToken is invalid.');
  const end = first + limit;
  return { shown: items.slice(first, end), nextToken: items.length > end ? String(end) : undefined };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function required<T>(value: T | undefined, name: string): T {
  if (value !== undefined && value !== '') return value;
  throw invalid(
    `1 validation error detected: Value null at '${name}' failed to satisfy constraint: Member must not be null`,
  );
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}
