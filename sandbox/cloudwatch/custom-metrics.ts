import type {
  ListMetricsInput,
  ListMetricsOutput,
  MetricDatum,
  PutMetricDataInput,
} from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../../src/core/time/clock.ts';
import { AwsError } from '../wire/service.ts';
import type { MetricStore, Series } from './metric-store.ts';
import * as parameter from './parameters.ts';

const MOST_LISTED = 500;
const LARGEST = 2 ** 360;

export function putMetricData(store: MetricStore, clock: Clock, input: PutMetricDataInput): void {
  const namespace = parameter.required(input.Namespace, 'Namespace');
  if (namespace.startsWith('AWS/')) {
    throw new AwsError('InvalidParameterValue', 'The value AWS/ for parameter Namespace is invalid.');
  }
  const measurements = parameter.required(input.MetricData, 'MetricData').flatMap((datum, i) => {
    const at = `MetricData.member.${i + 1}`;
    const metric = parameter.required(datum.MetricName, `${at}.MetricName`);
    const dimensions = parameter.dimensions(datum.Dimensions);
    return valuesOf(datum, at).map(([value, count]) => ({
      namespace,
      metric,
      dimensions,
      at: datum.Timestamp?.getTime() ?? clock.now(),
      value,
      count,
      unit: datum.Unit ?? 'None',
      highResolution: datum.StorageResolution === 1,
    }));
  });
  // All or nothing: an error in any datum rejects all of them.
  for (const measurement of measurements) store.add(measurement);
}

function valuesOf(datum: MetricDatum, at: string): [value: number, count: number][] {
  const { Value, Values, Counts, StatisticValues: set } = datum;
  checkExclusive(datum, at);
  if (Values && Counts && Values.length !== Counts.length) {
    throw new AwsError(
      'InvalidParameterValue',
      `The parameters ${at}.Values and ${at}.Counts must be of the same size.`,
    );
  }
  const values: [number, number][] = [];
  if (Value !== undefined) values.push([Value, 1]);
  if (Values) values.push(...Values.map((value, i): [number, number] => [value, Counts?.[i] ?? 1]));
  if (set) values.push(...spread(set));
  if (values.length === 0) {
    throw new AwsError(
      'MissingParameter',
      `At least one of Value, Values and StatisticValues is required for ${at}.`,
    );
  }
  const wrong = values.flat().find((value) => !(Math.abs(value) <= LARGEST));
  if (wrong !== undefined) {
    throw new AwsError('InvalidParameterValue', `The value ${wrong} for parameter ${at}.Value is invalid.`);
  }
  return values;
}

/** A datum has one of a value, values with counts, and a statistic set. */
function checkExclusive({ Value, Values, StatisticValues }: MetricDatum, at: string): void {
  const refuse = (code: string, first: string, second: string) =>
    new AwsError(
      code,
      `The parameters ${at}.${first} and ${at}.${second} are mutually exclusive and you have specified both.`,
    );
  if (Value !== undefined && Values) throw refuse('InvalidParameterValue', 'Value', 'Values');
  if (!StatisticValues) return;
  if (Value !== undefined) throw refuse('InvalidParameterCombination', 'Value', 'StatisticValues');
  if (Values) throw refuse('InvalidParameterCombination', 'Values', 'StatisticValues');
}

/** Samples with the sum, count, minimum and maximum of a statistic set. */
function spread(set: NonNullable<MetricDatum['StatisticValues']>): [value: number, count: number][] {
  const [count, sum] = [set.SampleCount ?? NaN, set.Sum ?? NaN];
  const [least, most] = [set.Minimum ?? NaN, set.Maximum ?? NaN];
  if (count <= 2) return [[sum / count, count]];
  return [
    [least, 1],
    [(sum - least - most) / (count - 2), count - 2],
    [most, 1],
  ];
}

export function listMetrics(store: MetricStore, input: ListMetricsInput): ListMetricsOutput {
  const token = input.NextToken ?? '0';
  if (!/^\d+$/.test(token))
    throw new AwsError('InvalidParameterValue', 'Request parameter NextToken is invalid');
  const found = store.all().filter((series) => isListed(series, input));
  const end = Number(token) + MOST_LISTED;
  return {
    Metrics: found.slice(Number(token), end).map(({ namespace, metric, dimensions }) => ({
      Namespace: namespace,
      MetricName: metric,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    })),
    ...(found.length > end && { NextToken: String(end) }),
  };
}

function isListed(series: Series, { Namespace, MetricName, Dimensions = [] }: ListMetricsInput): boolean {
  if (Namespace !== undefined && Namespace !== series.namespace) return false;
  if (MetricName !== undefined && MetricName !== series.metric) return false;
  return Dimensions.every(({ Name, Value }) => {
    const value = series.dimensions[Name ?? ''];
    return value !== undefined && (Value === undefined || Value === value);
  });
}
