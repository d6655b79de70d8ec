import { CloudWatchClient, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { describe, expect, test } from '@jest/globals';
import { createCloudWatch } from '../../../../sandbox/cloudwatch/cloudwatch.ts';
import { createFaults } from '../../../../sandbox/faults/faults.ts';
import { createWire, inProcess, knowsOperation } from '../../../../sandbox/wire/wire.ts';
import { createSeriesReader } from '../../../../src/rollout/metrics/series.ts';
import { MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';
import { CANARY, NOON, query } from './support.ts';

const QUERIES: MetricDataQuery[] = [{ Id: 'm', MetricStat: query('RequestCount', 'Sum') }];

/**
 * Ten requests per second, each from another host, for three minutes; CloudWatch as the action
 * reads it, with injected faults.
 */
async function threeMinutes() {
  const clock = createVirtualClock(NOON);
  const { service, sink, close } = createCloudWatch({ clock, lag: 0 });
  const faults = createFaults(knowsOperation);
  const wire = createWire({
    services: [service],
    faults,
    clock,
    account: '123456789012',
    onFailure(error) {
      throw error;
    },
  });
  const client = new CloudWatchClient({
    region: 'eu-west-1',
    endpoint: 'http://sandbox',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    requestHandler: inProcess(wire),
  });
  for (let at = NOON; at < NOON + 3 * MINUTE; at += SECOND)
    sink.record({
      namespace: 'AWS/ApplicationELB',
      metric: 'RequestCount',
      dimensions: [CANARY],
      at,
      value: 1,
      count: 10,
      unit: 'Count',
    });
  await clock.advance(3 * MINUTE);
  close();
  return {
    clock,
    faults,
    /** Requests per minute, and whether CloudWatch reports them as complete. */
    read: async () => {
      const { series, complete } = await createSeriesReader(client).read(QUERIES, NOON, NOON + 5 * MINUTE);
      return { requests: [...series.get('m')!.values()], complete };
    },
  };
}

const fault = (metrics: object, more: object = {}) => [
  { service: 'cloudwatch', operation: 'GetMetricData', metrics, ...more },
];

describe('on demand, metrics', () => {
  test('come later, and then whole', async () => {
    const { clock, faults, read } = await threeMinutes();
    expect(await read()).toEqual({ requests: [600, 600, 600], complete: true });
    faults.add(fault({ late: 2 * MINUTE }));
    expect(await read()).toEqual({ requests: [600], complete: true });
    await clock.advance(2 * MINUTE);
    expect(await read()).toEqual({ requests: [600, 600, 600], complete: true });
  });

  test('grow after they have been published, never shrink, and end at what was measured', async () => {
    const { clock, faults, read } = await threeMinutes();
    faults.add(fault({ growing: 2 * MINUTE }));
    let last = 0;
    const seen = new Set<number>();
    for (let look = 0; look < 24; look += 1) {
      const { requests, complete } = await read();
      expect(requests[0]).toBe(600);
      expect(complete).toBe(true);
      expect(requests[2]).toBeGreaterThanOrEqual(last);
      last = requests[2]!;
      seen.add(last);
      await clock.advance(5 * SECOND);
    }
    expect(seen.size).toBeGreaterThan(10);
    expect((await read()).requests).toEqual([600, 600, 600]);
  });

  test('are partial, which the action takes for incomplete, for as many reads as asked', async () => {
    const { faults, read } = await threeMinutes();
    faults.add(fault({ partial: true }, { times: 1 }));
    expect(await read()).toEqual({ requests: [600], complete: false });
    expect(await read()).toEqual({ requests: [600, 600, 600], complete: true });
  });

  test('what one read was told wrongly is not remembered for the next', async () => {
    const { faults, read } = await threeMinutes();
    faults.add(fault({ late: MINUTE, growing: MINUTE }, { times: 1 }));
    await read();
    expect((await read()).requests).toEqual([600, 600, 600]);
  });
});

test.each([
  [fault({ late: '2m' }), 'The "metrics.late" of a fault must be an integer of at least 1'],
  [fault({ latte: 2 }), 'The "metrics" of a fault have no "latte"'],
  [fault({}), 'The "metrics" of a fault require "late", "growing" or "partial"'],
  [fault({ partial: 'yes' }), 'The "metrics.partial" of a fault must be true or false'],
  [
    [{ service: 'ecs', operation: 'UpdateService', metrics: { late: 1 } }],
    '"metrics" is only allowed for GetMetricData',
  ],
])('a fault of metrics that is misspelt is refused: %j', (json, message) => {
  const faults = createFaults(knowsOperation);
  expect(() => faults.add(json)).toThrow(message);
  expect(faults.pending()).toEqual([]);
});
