import { InvalidInputs, inputIssue, type Issue } from '../inputs/issue.ts';
import { inUnits } from '../core/time/duration.ts';
import { DEFAULT_SETTINGS } from '../judge/recording.ts';
import { readTrafficHistory } from '../commands/backtest/read-history.ts';
import { backtest } from '../commands/backtest/backtest.ts';
import type { BacktestSettings } from '../commands/backtest/model.ts';
import { backtestInWords } from '../commands/backtest/messages.ts';
import { HOUR, MINUTE, type Milliseconds } from '../core/time/clock.ts';
import type { CliContext } from './command.ts';
import { asJson } from './json.ts';
import { judgeSettingsOf, type JudgeOptions } from './judge-options.ts';

interface Asked {
  readonly values: JudgeOptions;
  readonly given: ReadonlySet<string>;
  readonly issues: readonly Issue[];
}

/** `ecs-ramp judge --service NAME` */
export async function judgeHistory(parsed: Asked, context: CliContext): Promise<number> {
  const { values } = parsed;
  const period = values['metric-period'];
  const settings = { ...DEFAULT_SETTINGS, ...judgeSettingsOf(values, period) };
  const now = context.clock.now();
  const to = Math.min(values.to(context.clock), now - settings.metricDelay * period);
  const from = values.from?.(context.clock) ?? null;
  const region = values['aws-region'] ?? context.env['AWS_REGION'] ?? context.env['AWS_DEFAULT_REGION'] ?? '';
  // The default applies to rollouts that are long enough for it.
  const stepTimeout = parsed.given.has('step-timeout')
    ? values['step-timeout']
    : Math.min(values['step-timeout'], values.length);
  const issues = [
    ...parsed.issues,
    ...missing(parsed, region),
    ...(from === null ? [] : wrongTimes({ from, to, now, period, length: values.length })),
    ...wrongLengths(values, stepTimeout),
  ];
  if (issues.length > 0 || values.service === null || from === null) throw new InvalidInputs(issues);

  const place = { service: values.service, cluster: values.cluster };
  const history = await readTrafficHistory(
    { ...place, from, to, period, latencyMargin: settings.latencyMargin },
    context.connect({ region, role: null, chaining: false }),
  );
  const terms: BacktestSettings = {
    share: values.share / 100,
    rollouts: values.rollouts,
    length: Math.ceil(values.length / period),
    stepTimeout: Math.ceil(stepTimeout / period),
    seed: values.seed,
    settings,
  };
  const result = { ...place, ...backtest(history, terms) };
  context.print(values.explain ? backtestInWords(result).join('\n') : asJson(result));
  return 0;
}

function missing({ given }: Asked, region: string): readonly Issue[] {
  const issues: Issue[] = [];
  if (!given.has('from')) {
    const fix = 'give the start of the history, such as --from 24h for one day ago';
    issues.push(inputIssue('--from', { problem: 'it is missing', fix }));
  }
  if (region === '') {
    const fix = 'set AWS_REGION, or give --aws-region';
    issues.push(inputIssue('--aws-region', { problem: 'no AWS region is set', fix }));
  }
  return issues;
}

interface Times {
  readonly from: number;
  readonly to: number;
  readonly now: number;
  readonly period: Milliseconds;
  readonly length: Milliseconds;
}

function wrongTimes({ from, to, now, period, length }: Times): readonly Issue[] {
  if (to - from < length) {
    const problem =
      from >= to
        ? 'it is after the end of the complete metrics'
        : `there are ${inUnits(Math.floor((to - from) / period) * period)} of complete metrics since then, less than the ${inUnits(length)} of a rollout`;
    return [inputIssue('--from', { problem, fix: 'give an earlier time, or a shorter --length' })];
  }
  const kept = RETENTION.find(({ below }) => period < below)?.kept ?? Infinity;
  if (now - from <= kept) return [];
  const problem = `CloudWatch keeps periods of ${inUnits(period)} only for ${inUnits(kept)}`;
  return [inputIssue('--from', { problem, fix: 'give a later time, or a longer --metric-period' })];
}

/** How long CloudWatch keeps metrics, by their period. */
const RETENTION = [
  { below: MINUTE, kept: 3 * HOUR },
  { below: 5 * MINUTE, kept: 15 * 24 * HOUR },
  { below: HOUR, kept: 63 * 24 * HOUR },
] as const;

function wrongLengths(
  { length, 'metric-period': period }: JudgeOptions,
  timeout: Milliseconds,
): readonly Issue[] {
  if (length < timeout) {
    const problem = `${inUnits(length)} is shorter than step-timeout, ${inUnits(timeout)}`;
    return [inputIssue('--length', { problem, fix: 'give a longer --length, or a shorter --step-timeout' })];
  }
  if (length >= period) return [];
  return [
    inputIssue('--length', { problem: 'it is shorter than --metric-period', fix: 'give a longer --length' }),
  ];
}
