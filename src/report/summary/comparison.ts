import type { ArmName, Minute } from '../../judge/recording.ts';
import { table, type Markdown } from '../markdown.ts';
import { sumOf, wasAsked } from '../minutes.ts';
import type { Story, EventOf } from '../story.ts';
import { count, quantity } from '../../core/quantity.ts';
import { durationInWords, evidenceInWords, latencyInWords, percentOf } from '../words.ts';
import { charts } from './charts.ts';

/** Canary against stable: the sums, the evidence of the judge, and charts over time. */
export function comparison(story: Story): Markdown[] {
  const { evaluation } = story;
  if (!evaluation?.minutes.some((minute) => wasAsked(minute, 'canary'))) return [];
  if (evaluation.arms === 'together')
    return ['### Both revisions together', wholeSums(evaluation), ...charts(story)];
  return ['### Canary against stable', sums(evaluation), ...charts(story)];
}

function sums(evaluation: EventOf<'evaluated'>): Markdown {
  const both = evaluation.minutes.filter(
    (minute) => wasAsked(minute, 'canary') && wasAsked(minute, 'stable'),
  );
  const minutes = both.length > 0 ? both : evaluation.minutes;
  const canary = sumOf(minutes, 'canary');
  const stable = sumOf(minutes, 'stable');

  const rows = [
    [
      evaluation.counted === 'messages' ? 'Messages' : 'Requests',
      count(canary.requests),
      count(stable.requests),
    ],
    [
      evaluation.counted === 'messages' ? 'Failed' : 'Failed (5xx or no answer)',
      count(canary.errors),
      count(stable.errors),
    ],
    [
      '**Error rate**',
      `**${share(canary.errors, canary.requests)}**`,
      `**${share(stable.errors, stable.requests)}**`,
    ],
    ...['p50', 'p90', 'p99'].flatMap((name, index) =>
      canary.slow[index] === undefined
        ? []
        : [
            [
              `Slower than ${name} before the rollout${limits(evaluation, index)}`,
              share(canary.slow[index], canary.timed),
              share(stable.slow[index], stable.timed),
            ],
          ],
    ),
    ...latencies(minutes),
  ];
  const span =
    both.length > 0
      ? `Requests in the same ${durationInWords(both.length * evaluation.period * 1_000)} with traffic to both`
      : 'The old revision had no traffic to compare with';
  return `${table(['', 'Canary:', 'Stable:'], rows)}\n\n<sub>${span}${evidence(evaluation)}${cost(evaluation)}</sub>`;
}

/** One column, because the metrics do not show which revision served a request. */
function wholeSums(evaluation: EventOf<'evaluated'>): Markdown {
  const { requests, errors } = sumOf(evaluation.minutes, 'canary');
  const limit = evaluation.settings?.maxErrorRate;
  const rows = [
    ['Requests', count(requests)],
    ['Failed (5xx or no answer)', count(errors)],
    ['**Error rate**', `**${share(errors, requests)}**`],
    ...(limit === undefined ? [] : [['Limit (max-error-rate)', percentOf(limit, 1)]]),
  ];
  const span =
    'Both revisions are in one target group: the metrics do not show which revision served a request, so requests are not compared';
  return `${table(['', 'Together:'], rows)}\n\n<sub>${span}${evidence(evaluation)}${cost(evaluation)}</sub>`;
}

function share(part: number | undefined, whole: number): string {
  return part === undefined || whole === 0 ? '–' : percentOf(part, whole);
}

/** The limit of the canary is higher by the latency margin. */
function limits({ thresholds, settings }: EventOf<'evaluated'>, index: number): string {
  const threshold = thresholds?.[index];
  if (threshold === undefined) return '';
  const margin = settings?.latencyMargin;
  const canary =
    margin === undefined || margin === 1 ? '' : `; canary: ${latencyInWords(threshold * margin)}`;
  return ` (${latencyInWords(threshold)}${canary})`;
}

/** For data without counts of slow requests: the median over the periods. */
function latencies(minutes: readonly Minute[]): string[][] {
  const median = (arm: ArmName, index: number) => {
    const values = minutes
      .map((minute) => minute[arm]?.percentiles?.[index])
      .filter((value) => value !== undefined)
      .sort((a, b) => a - b);
    return values[Math.floor((values.length - 1) / 2)];
  };
  return ['p50', 'p90', 'p99'].flatMap((name, index) => {
    const [canary, stable] = [median('canary', index), median('stable', index)];
    if (canary === undefined) return [];
    return [
      [
        `Latency, ${name} (median of the periods)`,
        latencyInWords(canary),
        stable === undefined ? '–' : latencyInWords(stable),
      ],
    ];
  });
}

function evidence({ evidence, settings, arms }: EventOf<'evaluated'>): string {
  const last = evidence.findLast(({ judged }) => judged);
  if (!last) return '';
  const enough = settings?.falseAlarmRate
    ? ` (${count(1 / settings.falseAlarmRate)} triggers a rollback)`
    : '';
  const of = arms === 'together' ? 'a limit is exceeded' : 'the new revision is worse';
  return `. Evidence that ${of}: <b>${evidenceInWords(last.total)}</b>${enough}; 1 means no evidence.`;
}

/** GetMetricData costs $0.01 per 1,000 requested metrics in most regions. */
const CENTS_PER_METRIC = 1 / 1_000;

function cost({ metricsAsked }: EventOf<'evaluated'>): string {
  if (!metricsAsked) return '';
  const cents = Math.max(1, Math.ceil(metricsAsked * CENTS_PER_METRIC));
  return ` ${count(metricsAsked)} metrics were requested from CloudWatch, about ${quantity(cents, 'cent')}.`;
}
