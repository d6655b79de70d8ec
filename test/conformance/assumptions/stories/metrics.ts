import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { metricDimensions } from '../../../../sandbox/elbv2/metric-dimensions.ts';
import { HOUR, MINUTE, SECOND } from '../../../../src/core/time/clock.ts';
import { refusal } from '../stage.ts';
import type { Stage } from '../stage.ts';
import type { Story } from '../story.ts';

/** The action's own default for `metric-delay`. */
const METRIC_DELAY = 2 * MINUTE;

export const metricsStory: Story = {
  name: 'a minute of traffic, read repeatedly',
  minutes: 8,
  checks: ['trimmed-counts', 'metrics-within-the-delay', 'fill-in-metric-math'],
  async play(stage, note) {
    const { clock, ask } = stage;
    const wholeMinute = Math.ceil((clock.now() + SECOND) / MINUTE) * MINUTE;
    await stage.wait(wholeMinute - clock.now());
    let sent = 0;
    while (clock.now() < wholeMinute + MINUTE) {
      if (ask)
        sent += await ask('/').then(
          (answer) => (answer.ok ? 1 : 0),
          () => 0,
        );
      await stage.wait(SECOND);
    }
    const looks: [after: number, count: number][] = [];
    while (clock.now() < wholeMinute + 6 * MINUTE) {
      const [count = 0] = await values(stage, {
        StartTime: wholeMinute,
        EndTime: wholeMinute + MINUTE,
        ...requests(stage, 'Sum'),
      });
      looks.push([clock.now() - wholeMinute - MINUTE, count]);
      await stage.wait(10 * SECOND);
    }
    const final = looks.at(-1)![1];
    const complete = looks.find(([, count]) => count === final)![0];
    note(
      'metrics-within-the-delay',
      final > 0 && complete <= METRIC_DELAY,
      `${final} requests${ask ? ` of ${sent}` : ''}, complete ${Math.round(complete / SECOND)} s after the minute`,
    );

    const trimmed = await refusal(
      values(stage, {
        StartTime: wholeMinute,
        EndTime: wholeMinute + MINUTE,
        ...requests(stage, 'TC(0.5:)', 'TargetResponseTime'),
      }),
    );
    note('trimmed-counts', trimmed === null, trimmed ?? 'accepted');

    const now = Math.floor(clock.now() / MINUTE) * MINUTE;
    const { queries } = requests(stage, 'Sum');
    const filled = await values(stage, {
      StartTime: now - 10 * MINUTE,
      EndTime: now + HOUR,
      queries: [
        { ...queries[0]!, ReturnData: false },
        { Id: 'filled', Expression: 'FILL(m1, REPEAT)' },
      ],
    });
    note(
      'fill-in-metric-math',
      filled.length > 0 && filled.length <= 11,
      `${filled.length} points for 10 minutes and the hour to come`,
    );
  },
};

function requests(
  { stack }: Stage,
  Stat: string,
  MetricName = 'RequestCount',
): { readonly queries: MetricDataQuery[] } {
  const dimensions = metricDimensions(stack['loadBalancer']!, stack['blueGroup']!);
  return {
    queries: [
      {
        Id: 'm1',
        MetricStat: {
          Metric: {
            Namespace: 'AWS/ApplicationELB',
            MetricName,
            // The stack's first revision.
            Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          },
          Period: 60,
          Stat,
        },
      },
    ],
  };
}

async function values(
  { aws }: Stage,
  { StartTime, EndTime, queries }: { StartTime: number; EndTime: number; queries: MetricDataQuery[] },
): Promise<readonly number[]> {
  const { MetricDataResults } = await aws.cloudWatch.send(
    new GetMetricDataCommand({
      MetricDataQueries: queries,
      StartTime: new Date(StartTime),
      EndTime: new Date(EndTime),
    }),
  );
  return MetricDataResults![0]!.Values!;
}
