import type {
  GetMetricDataInput,
  GetMetricDataOutput,
  MetricDataQuery,
  MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../../src/core/time/clock.ts';
import { AwsError } from '../wire/service.ts';
import { ExpressionError, evaluate } from './expression.ts';
import { drawLine } from './line.ts';
import type { Line, Metrics, Range } from './line.ts';
import * as parameter from './parameters.ts';

const MOST_QUERIES = 500;
const MOST_POINTS = 100_800;

/** GetMetricData: newest points first by default, in pages of at most MaxDatapoints. */
export function getMetricData(
  metrics: Metrics,
  clock: Clock,
  input: GetMetricDataInput,
): GetMetricDataOutput {
  const range = parameter.range(input.StartTime, input.EndTime, noTime);
  const queries = parameter.required(input.MetricDataQueries, 'MetricDataQueries');
  const lines = drawLines(metrics, { queries, range, now: clock.now() });

  const results = queries
    .filter((query) => query.ReturnData !== false)
    .map((query) => {
      const points = [...lines.get(query.Id!)!.points];
      return {
        Id: query.Id,
        Label: query.Label ?? query.MetricStat?.Metric?.MetricName ?? query.Id,
        points: input.ScanBy === 'TimestampAscending' ? points : points.toReversed(),
      };
    });
  return metrics.fault?.partial ? halved(results, input) : page(results, input);
}

const noTime = (seconds: number) =>
  new AwsError(
    'ValidationError',
    seconds === 0
      ? 'The parameter StartTime must not equal parameter EndTime.'
      : 'The parameter EndTime must be greater than StartTime.',
  );

/** The lines of all queries by id, including those that are not returned. */
export function drawLines(
  metrics: Metrics,
  { queries, range, now }: { queries: readonly MetricDataQuery[]; range: Range; now: number },
): ReadonlyMap<string, Line> {
  const numbered = numberedById(queries);
  const lines = new Map<string, Line>();
  const started = new Set<string>();

  for (const id of numbered.keys()) lineOf(id);
  return lines;

  function lineOf(id: string): Line {
    const query = numbered.get(id);
    if (!query) throw new ExpressionError(`There is no query with the id ${id}.`);
    const drawn = lines.get(id);
    if (drawn) return drawn;
    if (started.has(id))
      throw new ExpressionError(`The expressions refer to each other in a circle at ${id}.`);
    started.add(id);
    const line = query.Expression === undefined ? metricLine(query) : expressionLine(query);
    lines.set(id, line);
    return line;
  }

  function metricLine({ MetricStat: stat, at }: NumberedQuery): Line {
    const metric = stat!.Metric;
    return drawLine(metrics, {
      ...range,
      namespace: parameter.required(metric?.Namespace, `${at}.MetricStat.Metric.Namespace`),
      metric: parameter.required(metric?.MetricName, `${at}.MetricStat.Metric.MetricName`),
      dimensions: parameter.dimensions(metric?.Dimensions),
      statistic: parameter.statistic(stat!.Stat, `${at}.MetricStat.Stat`),
      period: parameter.period(stat!.Period, `${at}.MetricStat.Period`),
      unit: stat!.Unit ?? null,
    });
  }

  function expressionLine({ Id, Expression }: NumberedQuery): Line {
    try {
      return evaluate(Expression!, { line: lineOf, range, now });
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      throw new AwsError('ValidationError', `Error in expression '${Id}': ${error.message}`);
    }
  }
}

type NumberedQuery = MetricDataQuery & { readonly at: string };

function numberedById(queries: readonly MetricDataQuery[]): ReadonlyMap<string, NumberedQuery> {
  if (queries.length === 0 || queries.length > MOST_QUERIES) {
    throw new AwsError(
      'ValidationError',
      `The collection MetricDataQueries must have between 1 and ${MOST_QUERIES} members, not ${queries.length}.`,
    );
  }
  const byId = new Map<string, NumberedQuery>();
  for (const [i, query] of queries.entries()) {
    const at = `MetricDataQueries.member.${i + 1}`;
    const id = parameter.required(query.Id, `${at}.Id`);
    if (!/^[a-z]\w*$/.test(id)) {
      throw new AwsError(
        'ValidationError',
        `The value ${id} for parameter ${at}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
      );
    }
    if (byId.has(id))
      throw new AwsError('ValidationError', `The value ${id} for parameter ${at}.Id is not unique.`);
    if (query.MetricStat === undefined && query.Expression === undefined) {
      // AWS's message ends with a line break.
      throw new AwsError('ValidationError', `The parameter ${at}.MetricStat is required.\n`);
    }
    if (query.MetricStat !== undefined && query.Expression !== undefined) {
      throw new AwsError(
        'ValidationError',
        `Exactly one of MetricStat and Expression must be given for ${at}.`,
      );
    }
    byId.set(id, { ...query, at });
  }
  return byId;
}

interface Result extends Pick<MetricDataResult, 'Id' | 'Label'> {
  readonly points: readonly (readonly [at: number, value: number])[];
}

/** The token is the number of previous points. */
function page(results: readonly Result[], input: GetMetricDataInput): GetMetricDataOutput {
  const token = input.NextToken ?? '0';
  if (!/^\d+$/.test(token)) throw new AwsError('InvalidNextToken', `The token ${token} is not valid.`);
  const first = Number(token);
  const last = first + (input.MaxDatapoints ?? MOST_POINTS);

  let total = 0;
  const MetricDataResults = results.map(({ Id, Label, points }): MetricDataResult => {
    const [from, upTo] = [first - total, last - total].map((index) => Math.max(0, index));
    const shown = points.slice(from, upTo);
    total += points.length;
    return {
      Id,
      Label,
      Timestamps: shown.map(([at]) => new Date(at)),
      Values: shown.map(([, value]) => value),
      StatusCode: points.length > upTo! ? 'PartialData' : 'Complete',
    };
  });
  return { MetricDataResults, Messages: [], ...(total > last && { NextToken: String(last) }) };
}

/**
 * Simulates a read that CloudWatch could not complete in time: the newer half is missing, without a
 * token for it.
 */
function halved(results: readonly Result[], { ScanBy }: GetMetricDataInput): GetMetricDataOutput {
  return {
    MetricDataResults: results.map(({ Id, Label, points }) => {
      const kept = Math.floor(points.length / 2);
      const shown =
        ScanBy === 'TimestampAscending' ? points.slice(0, kept) : points.slice(points.length - kept);
      return {
        Id,
        Label,
        Timestamps: shown.map(([at]) => new Date(at)),
        Values: shown.map(([, value]) => value),
        StatusCode: 'PartialData' as const,
      };
    }),
    Messages: [],
  };
}
