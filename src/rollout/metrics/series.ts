import {
  GetMetricDataCommand,
  type CloudWatchClient,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import type { Series } from './minutes.ts';

/** Reads series from CloudWatch and counts the requested metrics, by which CloudWatch charges. */
export interface SeriesReader {
  /** Reads from `from` to `to`, in milliseconds since 1970. Rejects with the errors of the SDK. */
  read(queries: readonly MetricDataQuery[], from: number, to: number): Promise<SeriesRead>;
  readonly asked: number;
}

export interface SeriesRead {
  readonly series: Series;
  /** False when CloudWatch reports that the result is partial. */
  readonly complete: boolean;
}

export function createSeriesReader(cloudWatch: CloudWatchClient): SeriesReader {
  let asked = 0;
  return {
    get asked() {
      return asked;
    },
    async read(queries, from, to) {
      const series = new Map<string, Map<number, number>>();
      if (queries.length === 0) return { series, complete: true };
      let complete = true;
      let nextToken: string | undefined;
      do {
        asked += queries.length;
        const { MetricDataResults, NextToken } = await cloudWatch.send(
          new GetMetricDataCommand({
            MetricDataQueries: [...queries],
            StartTime: new Date(from),
            EndTime: new Date(to),
            ScanBy: 'TimestampAscending',
            ...(nextToken && { NextToken: nextToken }),
          }),
        );
        for (const { Id, StatusCode, Timestamps = [], Values = [] } of MetricDataResults ?? []) {
          // A page that is not the last one may have the status PartialData.
          if (StatusCode !== 'Complete' && !NextToken) complete = false;
          const values = series.get(Id!) ?? new Map<number, number>();
          Timestamps.forEach((at, index) => values.set(at.getTime(), Values[index]!));
          series.set(Id!, values);
        }
        nextToken = NextToken;
      } while (nextToken);
      return { series, complete };
    },
  };
}
