import type {
  Datapoint,
  GetMetricStatisticsInput,
  GetMetricStatisticsOutput,
} from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../wire/service.ts';
import { drawLine } from './line.ts';
import type { Metrics } from './line.ts';
import * as parameter from './parameters.ts';
import { SIMPLE_STATISTICS } from './statistics.ts';

const MOST_POINTS = 1_440;

export function getMetricStatistics(
  metrics: Metrics,
  input: GetMetricStatisticsInput,
): GetMetricStatisticsOutput {
  const range = parameter.range(input.StartTime, input.EndTime, noTime);
  const period = parameter.period(input.Period, 'Period');
  const asked = (range.end - range.start) / period;
  if (asked > MOST_POINTS) {
    throw new AwsError(
      'InvalidParameterCombination',
      `You have requested up to ${Math.ceil(asked)} datapoints, which exceeds the limit of 1,440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    );
  }
  const names = namesOf(input);
  const query = {
    ...range,
    period,
    namespace: parameter.required(input.Namespace, 'Namespace'),
    metric: parameter.required(input.MetricName, 'MetricName'),
    dimensions: parameter.dimensions(input.Dimensions),
    unit: input.Unit ?? null,
  };
  const unit = metrics.store.find(query)?.unit;

  const datapoints = new Map<number, Datapoint & { ExtendedStatistics?: Record<string, number> }>();
  for (const { name, statistic, extended } of names) {
    for (const [at, value] of drawLine(metrics, { ...query, statistic }).points) {
      const point = datapoints.get(at) ?? { Timestamp: new Date(at), Unit: unit };
      if (extended) point.ExtendedStatistics = { ...point.ExtendedStatistics, [name]: value };
      else Object.assign(point, { [name]: value });
      datapoints.set(at, point);
    }
  }
  return { Label: query.metric, Datapoints: [...datapoints.values()] };
}

const noTime = () =>
  new AwsError('InvalidParameterValue', 'The parameter StartTime must be less than the parameter EndTime.');

function namesOf({ Statistics = [], ExtendedStatistics = [] }: GetMetricStatisticsInput) {
  if (Statistics.length + ExtendedStatistics.length === 0) {
    throw new AwsError('InvalidParameterCombination', 'Must specify either Statistics or ExtendedStatistics');
  }
  const wrong = Statistics.find((name) => !SIMPLE_STATISTICS.includes(name));
  if (wrong !== undefined) {
    throw new AwsError('InvalidParameterValue', `The value ${wrong} for parameter Statistics is not valid.`);
  }
  return [
    ...Statistics.map((name, i) => ({ name, extended: false, parameter: `Statistics.member.${i + 1}` })),
    ...ExtendedStatistics.map((name, i) => ({
      name,
      extended: true,
      parameter: `ExtendedStatistics.member.${i + 1}`,
    })),
  ].map((each) => ({ ...each, statistic: parameter.statistic(each.name, each.parameter) }));
}
