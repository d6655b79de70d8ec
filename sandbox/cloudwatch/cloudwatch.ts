import type { GetMetricDataInput, GetMetricDataOutput } from '@aws-sdk/client-cloudwatch';
import { SECOND } from '../../src/core/time/clock.ts';
import type { Clock, Milliseconds } from '../../src/core/time/clock.ts';
import type { Alarms, MetricSink } from '../ports.ts';
import type { Caller, Service } from '../wire/service.ts';
import { createAlarms } from './alarms.ts';
import { listMetrics, putMetricData } from './custom-metrics.ts';
import { getMetricData } from './metric-data.ts';
import { getMetricStatistics } from './metric-statistics.ts';
import { createMetricStore } from './metric-store.ts';

export interface CloudWatchOptions {
  readonly clock: Clock;
  /**
   * Delay from the end of the second of a sample to its publication. Until then its period is
   * absent or incomplete.
   */
  readonly lag: Milliseconds;
  /**
   * Metrics of standard resolution return nothing for shorter periods. 60 s on AWS, default 1 s.
   */
  readonly periodFloor?: Milliseconds;
}

export interface CloudWatch {
  readonly service: Service;
  readonly sink: MetricSink;
  readonly alarms: Alarms;
  /** GetMetricData without faults. */
  readonly metricData: (input: GetMetricDataInput) => GetMetricDataOutput;
  /** Ends the evaluation of alarms. */
  readonly close: () => void;
}

/**
 * CloudWatch with the metrics of the last three hours in memory, statistics of all single values,
 * and alarms.
 */
export function createCloudWatch({ clock, lag, periodFloor = SECOND }: CloudWatchOptions): CloudWatch {
  const store = createMetricStore({ clock, lag });
  const metrics = { store, periodFloor };
  const faulty = (caller: Caller) => (caller.metrics ? { ...metrics, fault: caller.metrics } : metrics);
  const alarms = createAlarms({ metrics, clock });

  return {
    service: {
      name: 'cloudwatch',
      operations: {
        GetMetricData: (input, caller) => getMetricData(faulty(caller), clock, input),
        GetMetricStatistics: (input, caller) => getMetricStatistics(faulty(caller), input),
        ListMetrics: (input) => listMetrics(store, input),
        PutMetricData: (input) => putMetricData(store, clock, input),
        PutMetricAlarm: (input, caller) => alarms.putMetricAlarm(input, caller),
        PutCompositeAlarm: (input, caller) => alarms.putCompositeAlarm(input, caller),
        PutLogAlarm: (input, caller) => alarms.putLogAlarm(input, caller),
        DescribeAlarms: (input) => alarms.describe(input),
        ListTagsForResource: (input) => ({ Tags: alarms.tags(input.ResourceARN) }),
        SetAlarmState: (input) => alarms.setState(input),
        DeleteAlarms: (input) => alarms.remove(input.AlarmNames),
      },
    },
    sink: {
      record({ dimensions: combinations, namespace, metric, at, value, count = 1, unit }) {
        for (const dimensions of combinations)
          store.add({ namespace, metric, dimensions, at, value, count, unit, highResolution: false });
      },
    },
    alarms,
    metricData: (input) => getMetricData(metrics, clock, input),
    close: () => alarms.close(),
  };
}
