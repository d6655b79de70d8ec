import { describe, expect, test } from '@jest/globals';
import { CANARY, NOON, cloudWatchAtNoon, pointsOf, query } from './support.ts';

const MINUTE = 60_000;

describe('points', () => {
  test('stand at the start of their period and are absent where nothing was measured', async () => {
    const { clock, record, getMetricData } = cloudWatchAtNoon();
    record('RequestCount', NOON, 1, 1, 1);
    record('RequestCount', NOON + 59_999, 1);
    record('RequestCount', NOON + 2 * MINUTE, 1);
    await clock.advance(5 * MINUTE);
    const output = getMetricData([{ Id: 'm', MetricStat: query('RequestCount', 'Sum') }]);
    expect(pointsOf(output)).toEqual([
      [0, 4],
      [120, 1],
    ]);
    expect(output.MetricDataResults![0]!.StatusCode).toBe('Complete');
  });

  test('come newest first unless asked otherwise', async () => {
    const { clock, record, getMetricData } = cloudWatchAtNoon();
    record('RequestCount', NOON, 1);
    record('RequestCount', NOON + MINUTE, 1);
    await clock.advance(5 * MINUTE);
    const queries = [{ Id: 'm', MetricStat: query('RequestCount', 'Sum') }];
    expect(pointsOf(getMetricData(queries, { ScanBy: undefined })).map(([at]) => at)).toEqual([60, 0]);
  });

  test('a query that starts or ends within a period gets the whole period, and not the one that begins at its end', async () => {
    const { clock, record, getMetricData } = cloudWatchAtNoon();
    for (const minute of [0, 1, 2]) record('RequestCount', NOON + minute * MINUTE, 1);
    record('RequestCount', NOON + MINUTE + 50_000, 1);
    await clock.advance(5 * MINUTE);
    const output = getMetricData([{ Id: 'm', MetricStat: query('RequestCount', 'Sum') }], {
      StartTime: new Date(NOON + 30_000),
      EndTime: new Date(NOON + MINUTE + 10_000),
    });
    expect(pointsOf(output)).toEqual([
      [0, 1],
      [60, 2],
    ]);
    const upToTwo = { EndTime: new Date(NOON + 2 * MINUTE) };
    expect(
      pointsOf(getMetricData([{ Id: 'm', MetricStat: query('RequestCount', 'Sum') }], upToTwo)),
    ).toHaveLength(2);
  });

  test('appear only after the lag, so the newest period still grows', async () => {
    const { clock, record, getMetricData } = cloudWatchAtNoon({ lag: 20_000 });
    const queries = [{ Id: 'm', MetricStat: query('RequestCount', 'Sum', 10) }];
    record('RequestCount', NOON, 1);
    record('RequestCount', NOON + 5_000, 1);
    await clock.advance(20_999);
    expect(pointsOf(getMetricData(queries))).toEqual([]);
    await clock.advance(1);
    expect(pointsOf(getMetricData(queries))).toEqual([[0, 1]]);
    await clock.advance(5_000);
    expect(pointsOf(getMetricData(queries))).toEqual([[0, 2]]);
  });

  test('samples that come in the wrong order land in their own period', async () => {
    const { clock, record, getMetricData } = cloudWatchAtNoon();
    for (const second of [70, 5, 130, 5, 71, 6]) record('RequestCount', NOON + second * 1_000, 1);
    await clock.advance(5 * MINUTE);
    expect(pointsOf(getMetricData([{ Id: 'm', MetricStat: query('RequestCount', 'Sum') }]))).toEqual([
      [0, 3],
      [60, 2],
      [120, 1],
    ]);
  });

  test('are gone after three hours', async () => {
    const { clock, record, getMetricData } = cloudWatchAtNoon();
    record('RequestCount', NOON, 1);
    await clock.advance(181 * MINUTE);
    record('RequestCount', clock.now(), 1);
    await clock.advance(MINUTE);
    const output = getMetricData([{ Id: 'm', MetricStat: query('RequestCount', 'Sum') }], {
      EndTime: new Date(NOON + 200 * MINUTE),
    });
    expect(pointsOf(output)).toEqual([[181 * 60, 1]]);
  });

  test('below the shortest period there is nothing, as on AWS below a minute', async () => {
    const { clock, record, getMetricData } = cloudWatchAtNoon({ periodFloor: MINUTE });
    record('RequestCount', NOON, 1);
    await clock.advance(5 * MINUTE);
    expect(pointsOf(getMetricData([{ Id: 'm', MetricStat: query('RequestCount', 'Sum', 10) }]))).toEqual([]);
    expect(pointsOf(getMetricData([{ Id: 'm', MetricStat: query('RequestCount', 'Sum') }]))).toHaveLength(1);
  });

  test('other dimensions, even fewer, are another metric', async () => {
    const { clock, record, getMetricData } = cloudWatchAtNoon();
    record('RequestCount', NOON, 1);
    await clock.advance(5 * MINUTE);
    const stat = query('RequestCount', 'Sum');
    stat.Metric.Dimensions = stat.Metric.Dimensions.slice(0, 1);
    expect(pointsOf(getMetricData([{ Id: 'm', MetricStat: stat }]))).toEqual([]);
  });

  test('come in pages when there are more than asked for', async () => {
    const { clock, record, getMetricData } = cloudWatchAtNoon();
    for (const minute of [0, 1, 2, 3, 4]) {
      record('RequestCount', NOON + minute * MINUTE, 1);
      record('Errors', NOON + minute * MINUTE, 1);
    }
    await clock.advance(6 * MINUTE);
    const queries = [
      { Id: 'm', MetricStat: query('RequestCount', 'Sum') },
      { Id: 'n', MetricStat: query('Errors', 'Sum') },
    ];
    const seen = { m: [] as number[], n: [] as number[] };
    let token: string | undefined;
    let pages = 0;
    do {
      const output = getMetricData(queries, { MaxDatapoints: 4, NextToken: token });
      for (const id of ['m', 'n'] as const) seen[id].push(...pointsOf(output, id).map(([at]) => at));
      token = output.NextToken;
      pages++;
    } while (token);
    expect({ pages, ...seen }).toEqual({ pages: 3, m: [0, 60, 120, 180, 240], n: [0, 60, 120, 180, 240] });
  });
});

describe('statistics of 1 to 100 milliseconds', () => {
  test.each([
    ['SampleCount', 100],
    ['Sum', 5.05],
    ['Average', 0.0505],
    ['Minimum', 0.001],
    ['Maximum', 0.1],
    ['p50', 0.05],
    ['p99', 0.099],
    ['p99.5', 0.1],
    ['p100', 0.1],
    ['PR(:0.03)', 30],
    ['PR(0.01:0.03)', 20],
    ['TC(0.09:)', 10],
    ['TC(:0.09)', 90],
    ['TC(0.1:)', 0],
    ['tc90', 90],
    ['TC(80%:)', 20],
    ['tm90', 0.0455],
    ['TM(0.09:)', 0.0955],
    ['TM(25%:75%)', 0.0505],
    ['IQM', 0.0505],
    ['ts10', 0.055],
    ['WM(:10%)', 0.00955],
  ])('%s is %d', async (stat, expected) => {
    const { clock, record, getMetricData } = cloudWatchAtNoon();
    const milliseconds = Array.from({ length: 100 }, (_, i) => (i + 1) / 1_000);
    record('TargetResponseTime', NOON, ...milliseconds.toReversed());
    await clock.advance(MINUTE);
    const [point] = pointsOf(getMetricData([{ Id: 'm', MetricStat: query('TargetResponseTime', stat) }]));
    expect(point![1]).toBeCloseTo(expected, 10);
  });

  test('a thousand equal samples count as a thousand', async () => {
    const { clock, record, getMetricData } = cloudWatchAtNoon();
    record('TargetResponseTime', NOON, ...Array.from({ length: 999 }, () => 0.01), 5);
    await clock.advance(MINUTE);
    const value = (stat: string) =>
      pointsOf(getMetricData([{ Id: 'm', MetricStat: query('TargetResponseTime', stat) }]))[0]![1];
    expect([value('p99.9'), value('p99.91'), value('SampleCount')]).toEqual([0.01, 5, 1_000]);
  });

  test('the mean of an empty range is no point', async () => {
    const { clock, record, getMetricData } = cloudWatchAtNoon();
    record('TargetResponseTime', NOON, 1);
    await clock.advance(MINUTE);
    expect(pointsOf(getMetricData([{ Id: 'm', MetricStat: query('TargetResponseTime', 'TM(2:)') }]))).toEqual(
      [],
    );
  });
});

async function evaluate(expression: string) {
  const { clock, record, getMetricData } = cloudWatchAtNoon();
  record('RequestCount', NOON, 8);
  record('RequestCount', NOON + MINUTE, 10);
  record('RequestCount', NOON + 3 * MINUTE, 4);
  record('Errors', NOON + MINUTE, 2);
  await clock.advance(4 * MINUTE);
  return pointsOf(
    getMetricData([
      { Id: 'm', Expression: expression },
      { Id: 'requests', MetricStat: query('RequestCount', 'Sum'), ReturnData: false },
      { Id: 'errors', MetricStat: query('Errors', 'Sum'), ReturnData: false },
      { Id: 'nothing', MetricStat: query('Nothing', 'Sum'), ReturnData: false },
      { Id: 'share', Expression: 'errors / requests', ReturnData: false },
    ]),
  );
}

describe('expressions', () => {
  test.each([
    ['errors / requests', [[60, 0.2]]],
    ['100 * (requests - errors) / requests', [[60, 80]]],
    [
      '-requests + 1',
      [
        [0, -7],
        [60, -9],
        [180, -3],
      ],
    ],
    [
      'FILL(errors, 0) / requests',
      [
        [0, 0],
        [60, 0.2],
        [180, 0],
      ],
    ],
    [
      'FILL(requests, REPEAT)',
      [
        [0, 8],
        [60, 10],
        [120, 10],
        [180, 4],
        [240, 4],
      ],
    ],
    [
      'FILL(requests, LINEAR)',
      [
        [0, 8],
        [60, 10],
        [120, 7],
        [180, 4],
      ],
    ],
    ['FILL(nothing, 0)', []],
    ['share * 100', [[60, 20]]],
    [
      'requests / (requests - 8)',
      [
        [60, 5],
        [180, -1],
      ],
    ],
  ])('%s', async (expression, expected) => {
    expect(await evaluate(expression)).toEqual(expected);
  });

  test.each([
    ['SEARCH(1)', 'SEARCH is not supported'],
    ['requests +', 'ends too early'],
    ['requests requests', "'requests' was not expected"],
    ['(requests', 'ends too early'],
    ['unknown * 2', 'no query with the id unknown'],
    ['m + 1', 'circle'],
    ['1 + 1', 'is a number'],
  ])('%s is refused', async (expression, message) => {
    await expect(evaluate(expression)).rejects.toMatchObject({
      code: 'ValidationError',
      message: expect.stringContaining(message),
    });
  });
});

describe('refusals', () => {
  const { getMetricData } = cloudWatchAtNoon();
  const valid = { Id: 'm', MetricStat: query('RequestCount', 'Sum') };

  test.each([
    ['an id that is given twice', [valid, valid]],
    ['an id that begins with a capital', [{ ...valid, Id: 'M' }]],
    ['a period of 7 seconds', [{ Id: 'm', MetricStat: query('RequestCount', 'Sum', 7) }]],
    ['a statistic that does not exist', [{ Id: 'm', MetricStat: query('RequestCount', 'Median') }]],
    ['percent in PR', [{ Id: 'm', MetricStat: query('RequestCount', 'PR(:50%)') }]],
    ['both a metric and an expression', [{ ...valid, Expression: 'm' }]],
    ['501 queries', Array.from({ length: 501 }, (_, i) => ({ ...valid, Id: `m${i}` }))],
  ])('%s', (_, queries) => {
    expect(() => getMetricData(queries)).toThrow(expect.objectContaining({ code: 'ValidationError' }));
  });

  test.each([
    [-1_000, 'The parameter EndTime must be greater than StartTime.'],
    [0, 'The parameter StartTime must not equal parameter EndTime.'],
    [999, 'The parameter StartTime must not equal parameter EndTime.'],
  ])('an end %i ms after the start', (length, message) => {
    const EndTime = new Date(NOON + length);
    expect(() => getMetricData([valid], { EndTime })).toThrow(
      expect.objectContaining({ code: 'ValidationError', message }),
    );
    const { call } = cloudWatchAtNoon();
    const { Metric } = valid.MetricStat;
    const statistics = { ...Metric, Period: 60, Statistics: ['Sum'], StartTime: new Date(NOON), EndTime };
    expect(() => call('GetMetricStatistics', statistics)).toThrow(
      expect.objectContaining({
        code: 'InvalidParameterValue',
        message: 'The parameter StartTime must be less than the parameter EndTime.',
      }),
    );
  });

  test('a query without a metric and an expression', () => {
    expect(() => getMetricData([{ Id: 'm' }])).toThrow('MetricDataQueries.member.1.MetricStat is required.');
  });
});

describe('GetMetricStatistics, ListMetrics and PutMetricData', () => {
  test('statistics of a metric that was put', async () => {
    const { clock, call } = cloudWatchAtNoon();
    call('PutMetricData', {
      Namespace: 'Shop',
      MetricData: [
        {
          MetricName: 'QueueAge',
          Timestamp: new Date(NOON),
          Values: [1, 2],
          Counts: [3, 1],
          Unit: 'Seconds',
        },
        {
          MetricName: 'QueueAge',
          Timestamp: new Date(NOON),
          StatisticValues: { SampleCount: 6, Sum: 35, Minimum: 0, Maximum: 10 },
        },
      ],
    });
    await clock.advance(MINUTE);
    const { Datapoints } = call('GetMetricStatistics', {
      Namespace: 'Shop',
      MetricName: 'QueueAge',
      StartTime: new Date(NOON),
      EndTime: new Date(NOON + MINUTE),
      Period: 60,
      Statistics: ['Sum', 'SampleCount', 'Maximum'],
      ExtendedStatistics: ['p10'],
    });
    expect(Datapoints).toEqual([
      {
        Timestamp: new Date(NOON),
        Unit: 'Seconds',
        Sum: 40,
        SampleCount: 10,
        Maximum: 10,
        ExtendedStatistics: { p10: 0 },
      },
    ]);
  });

  test("the namespaces of AWS's own services cannot be written", () => {
    const { call } = cloudWatchAtNoon();
    const input = { Namespace: 'AWS/ApplicationELB', MetricData: [{ MetricName: 'RequestCount', Value: 1 }] };
    expect(() => call('PutMetricData', input)).toThrow(
      expect.objectContaining({ code: 'InvalidParameterValue' }),
    );
  });

  const set = { SampleCount: 2, Sum: 10, Minimum: 1, Maximum: 9 };
  test.each([
    [{ Value: 1, Values: [1] }, 'InvalidParameterValue', 'Value and MetricData.member.1.Values are mutually'],
    [{ Value: 1, StatisticValues: set }, 'InvalidParameterCombination', 'StatisticValues are mutually'],
    [{ Values: [1], StatisticValues: set }, 'InvalidParameterCombination', 'StatisticValues are mutually'],
    [{ Values: [1, 2], Counts: [1] }, 'InvalidParameterValue', 'Counts must be of the same size.'],
    [{ Value: 2 ** 361 }, 'InvalidParameterValue', 'is invalid'],
    [{ Value: NaN }, 'InvalidParameterValue', 'The value NaN for parameter MetricData.member.1.Value'],
  ])('a datum cannot have %j', (values, code, message) => {
    const { call } = cloudWatchAtNoon();
    const input = { Namespace: 'Shop', MetricData: [{ MetricName: 'A', ...values }] };
    expect(() => call('PutMetricData', input)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  test('one mistake keeps the whole batch out', () => {
    const { call } = cloudWatchAtNoon();
    const input = { Namespace: 'Shop', MetricData: [{ MetricName: 'A', Value: 1 }, { MetricName: 'B' }] };
    expect(() => call('PutMetricData', input)).toThrow(/MetricData.member.2/);
    expect(call('ListMetrics', { Namespace: 'Shop' })).toEqual({ Metrics: [] });
  });

  test('metrics are listed by name and dimension', () => {
    const { call, record } = cloudWatchAtNoon();
    record('RequestCount', NOON, 1);
    record('TargetResponseTime', NOON, 1);
    const byName = call('ListMetrics', {
      MetricName: 'RequestCount',
      Dimensions: [{ Name: 'TargetGroup', Value: CANARY.TargetGroup }],
    });
    expect(byName.Metrics).toHaveLength(1);
    expect(call('ListMetrics', { Dimensions: [{ Name: 'LoadBalancer' }] }).Metrics).toHaveLength(2);
    expect(call('ListMetrics', { Dimensions: [{ Name: 'LoadBalancer', Value: 'x' }] }).Metrics).toEqual([]);
  });
});
