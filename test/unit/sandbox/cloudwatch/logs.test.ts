import { expect, test } from '@jest/globals';
import { createCloudWatchLogs } from '../../../../sandbox/cloudwatch-logs/cloudwatch-logs.ts';
import type { Caller } from '../../../../sandbox/wire/service.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const caller: Caller = { account: '123456789012', region: 'eu-central-1', accessKeyId: 'test' };

function logs() {
  const { service, sink } = createCloudWatchLogs({ clock: createVirtualClock() });
  // oxlint-disable-next-line typescript/no-explicit-any -- as it comes off the wire
  const call = (operation: string, input: object): any => service.operations[operation]!(input, caller);
  return { call, sink };
}

test('a line in the embedded metric format is metrics too, for each set of its dimensions', () => {
  const recorded: unknown[] = [];
  const metrics = { record: (sample: unknown) => void recorded.push(sample) };
  const { sink } = createCloudWatchLogs({ clock: createVirtualClock(), metrics });
  const told = (more: object) =>
    sink.append('/shop/worker', 'worker/1', 5, JSON.stringify({ level: 'info', Revision: '3', ...more }));
  const definition = {
    Namespace: 'Shop/Worker',
    Dimensions: [['Revision'], []],
    Metrics: [{ Name: 'Orders', Unit: 'Count' }, { Name: 'Age' }],
  };
  told({ Orders: 4 });
  told({ _aws: 'no metrics', Orders: 4 });
  told({ _aws: { Timestamp: 1_000, CloudWatchMetrics: [definition] }, Orders: 4, Age: [1, 2] });
  const common = { namespace: 'Shop/Worker', dimensions: [{ Revision: '3' }, {}], at: 1_000 };
  expect(recorded).toEqual([
    { ...common, metric: 'Orders', value: 4, unit: 'Count' },
    { ...common, metric: 'Age', value: 1, unit: 'None' },
    { ...common, metric: 'Age', value: 2, unit: 'None' },
  ]);
});

const messages = ({ events }: { events: { message: string }[] }) => events.map(({ message }) => message);

test('what a container prints can be read, newest first or from the head, page by page', () => {
  const { call, sink } = logs();
  for (let i = 0; i < 5; i++) sink.append('/ecs/shop', 'web/1', i, `line ${i}`);
  const stream = { logGroupName: '/ecs/shop', logStreamName: 'web/1', limit: 2 };

  expect(messages(call('GetLogEvents', stream))).toEqual(['line 3', 'line 4']);
  const first = call('GetLogEvents', { ...stream, startFromHead: true });
  const second = call('GetLogEvents', { ...stream, nextToken: first.nextForwardToken });
  const third = call('GetLogEvents', { ...stream, nextToken: second.nextForwardToken });
  const fourth = call('GetLogEvents', { ...stream, nextToken: third.nextForwardToken });
  expect([first, second, third, fourth].map(messages)).toEqual([
    ['line 0', 'line 1'],
    ['line 2', 'line 3'],
    ['line 4'],
    [],
  ]);
  expect(fourth.nextForwardToken).toBe(third.nextForwardToken);
  expect(messages(call('GetLogEvents', { ...stream, nextToken: third.nextBackwardToken }))).toEqual([
    'line 2',
    'line 3',
  ]);
});

test.each([
  ['timeout', ['GET timeout', 'POST timeout']],
  ['timeout -GET', ['POST timeout']],
  ['"200 ok"', ['POST 200 ok']],
  ['?GET ?ok', ['GET timeout', 'POST 200 ok']],
  ['', ['GET timeout', 'POST timeout', 'POST 200 ok']],
])('the filter %j', (filterPattern, expected) => {
  const { call, sink } = logs();
  sink.append('g', 'a', 1, 'GET timeout');
  sink.append('g', 'b', 2, 'POST timeout');
  sink.append('g', 'a', 3, 'POST 200 ok');
  expect(messages(call('FilterLogEvents', { logGroupName: 'g', filterPattern }))).toEqual(expected);
});

test('a filter on JSON is refused rather than misread', () => {
  const { call, sink } = logs();
  sink.append('g', 'a', 1, '{}');
  expect(() =>
    call('FilterLogEvents', { logGroupName: 'g', filterPattern: '{ $.level = "error" }' }),
  ).toThrow(/terms only/);
});

test('groups and streams are made, described, and refused twice', () => {
  const { call } = logs();
  call('CreateLogGroup', { logGroupName: '/ecs/shop' });
  call('CreateLogStream', { logGroupName: '/ecs/shop', logStreamName: 's' });
  call('PutRetentionPolicy', { logGroupName: '/ecs/shop', retentionInDays: 7 });
  call('PutLogEvents', {
    logGroupName: '/ecs/shop',
    logStreamName: 's',
    logEvents: [{ timestamp: 5, message: 'hello' }],
  });
  expect(call('DescribeLogGroups', { logGroupNamePrefix: '/ecs' }).logGroups).toMatchObject([
    {
      logGroupName: '/ecs/shop',
      retentionInDays: 7,
      arn: 'arn:aws:logs:eu-central-1:123456789012:log-group:/ecs/shop:*',
    },
  ]);
  expect(call('DescribeLogStreams', { logGroupName: '/ecs/shop' }).logStreams).toMatchObject([
    { logStreamName: 's', lastEventTimestamp: 5 },
  ]);
  expect(() => call('CreateLogGroup', { logGroupName: '/ecs/shop' })).toThrow(
    expect.objectContaining({ code: 'ResourceAlreadyExistsException' }),
  );
});

test('what is not there is not found', () => {
  const { call } = logs();
  const notFound = expect.objectContaining({ code: 'ResourceNotFoundException' });
  expect(() => call('GetLogEvents', { logGroupName: 'g', logStreamName: 's' })).toThrow(notFound);
  expect(() => call('FilterLogEvents', { logGroupName: 'g' })).toThrow(notFound);
  expect(() => call('PutRetentionPolicy', { logGroupName: 'g', retentionInDays: 7 })).toThrow(notFound);
});
