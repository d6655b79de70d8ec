import { number } from '../inputs/types/number.ts';
import { ROLLED_BACK } from './exit-codes.ts';
import { SECOND, HOUR, type Milliseconds } from '../core/time/clock.ts';
import { ecsName } from '../inputs/types/text.ts';
import type { InputType } from '../inputs/types/input-type.ts';
import { awsInputs, configInputs, judgeInputs } from '../inputs/definitions.ts';
import type { JudgeSettings } from '../judge/recording.ts';
import type { CliContext } from './command.ts';
import { withClone } from './local-clone.ts';
import { type Options, readCommandLine, splitCommandLine } from './options.ts';
import { duration, cloudWatchPeriod } from '../inputs/types/duration.ts';
import { pointInTime } from './point-in-time.ts';
import { wholeNumber } from '../inputs/types/whole-number.ts';

/** A setting of the judge, as an option with the name and the unit of the input. */
function setting<T>({ type, description }: { readonly type: InputType<T>; readonly description: string }) {
  const [, text = description, byDefault = ''] = /^(.*) Default: (.*)\.$/.exec(description) ?? [];
  return {
    value: 'VALUE',
    description: `${text} Default: that of the recording, otherwise ${byDefault}.`,
    type,
  };
}

const settingOptions = {
  'false-alarm-rate': setting(judgeInputs['false-alarm-rate']),
  'error-tolerance': setting(judgeInputs['error-tolerance']),
  'max-error-rate': setting(judgeInputs['max-error-rate']),
  'latency-margin': setting(judgeInputs['latency-margin']),
  'warm-up': setting(judgeInputs['warm-up']),
  'metric-delay': setting(judgeInputs['metric-delay']),
} as const satisfies Options;

export const commonOptions = {
  ...settingOptions,
  explain: { description: 'Print text and a table instead of JSON.' },
} as const satisfies Options;

export const recordingOptions = {
  'exit-code': { description: `Exit with ${ROLLED_BACK} if the verdict is rollback.` },
} as const satisfies Options;

const CONFIG =
  "Path of ecs-ramp.yml. Its settings for the service apply to options that are not given, and --service is the service's name in that file. Default: no file is read.";

export const historyOptions = {
  service: { value: 'NAME', description: 'Name of the ECS service.', type: ecsName('an ECS service') },
  cluster: {
    value: 'NAME',
    description: 'Name of the ECS cluster.',
    type: ecsName('an ECS cluster'),
    default: 'default',
  },
  from: {
    value: 'TIME',
    description: 'Start of the history: a time such as 2026-11-20T08:00Z, a date, or an age such as 24h.',
    type: pointInTime,
  },
  to: {
    value: 'TIME',
    description: 'End of the history. Metrics that are not complete in CloudWatch are left out.',
    type: pointInTime,
    default: 'now',
  },
  share: {
    value: 'PERCENT',
    description: 'Percentage of the requests that the simulated new revision gets.',
    type: number({ from: 0.1, to: 99 }),
    default: '10',
  },
  length: {
    value: 'DURATION',
    description: 'Duration of a simulated rollout.',
    type: duration({ from: SECOND, to: 24 * HOUR }),
    default: '1h',
  },
  'step-timeout': {
    value: 'DURATION',
    description: 'Maximum time for its first step, as the input of the same name.',
    type: duration({ from: SECOND, to: 24 * HOUR }),
    default: '30m',
  },
  rollouts: {
    value: 'NUMBER',
    description: 'Number of simulated rollouts.',
    type: wholeNumber({ from: 20, to: 100_000 }),
    default: '1000',
  },
  'metric-period': {
    value: 'DURATION',
    description: 'Period of the metrics. Load balancers publish every 60s.',
    type: duration({ from: SECOND, to: HOUR, also: cloudWatchPeriod }),
    default: '60s',
  },
  seed: {
    value: 'NUMBER',
    description: 'Seed of the simulation. The same seed gives the same result.',
    type: wholeNumber({ from: 0, to: 2 ** 31 }),
    default: '1',
  },
  'aws-region': {
    value: 'NAME',
    description: awsInputs['aws-region'].description,
    type: awsInputs['aws-region'].type,
  },
  config: { value: 'FILE', description: CONFIG, type: configInputs.config.type },
  environment: {
    value: 'NAME',
    description: configInputs.environment.description,
    type: configInputs.environment.type,
  },
} as const satisfies Options;

const options = { ...commonOptions, ...recordingOptions, ...historyOptions };

export type JudgeOptions = ReturnType<typeof readJudgeOptions>['values'];

export const readJudgeOptions = (args: readonly string[]) => readCommandLine(options, args);

/**
 * The arguments, completed with the settings of the ecs-ramp.yml that `--config` names. Rejects with
 * InvalidInputs.
 */
export async function withConfigFile(
  args: readonly string[],
  { env, cwd }: Pick<CliContext, 'env' | 'cwd'>,
): Promise<readonly string[]> {
  const { texts } = splitCommandLine(options, args);
  const config = texts.get('config');
  if (config === undefined) return args;
  const { chosenSettings } = await import('../inputs/config/chosen-settings.ts');
  const [service, environment] = [texts.get('service'), texts.get('environment')];
  const settings = await chosenSettings(
    { config, service, environment },
    { env: await withClone(env, cwd), workspace: cwd },
  );
  const others = [...settings].filter(
    ([name]) => Object.hasOwn(options, name) && !texts.has(name) && name !== 'environment',
  );
  // The name of the service in the file may differ from its name in ECS.
  const named = args.map((arg, index) =>
    arg.startsWith('--service=') || args[index - 1] === '--service'
      ? arg.replace(/[^=]*$/, settings.get('service')!.text)
      : arg,
  );
  return [...named, ...others.map(([name, { text }]) => `--${name}=${text}`)];
}

/** The settings that were given. Durations become periods of the metrics, rounded up. Pure. */
export function judgeSettingsOf(values: JudgeOptions, period: Milliseconds): Partial<JudgeSettings> {
  const periods = (time: Milliseconds | null) => (time === null ? null : Math.ceil(time / period));
  const given = {
    falseAlarmRate: values['false-alarm-rate'],
    errorTolerance: values['error-tolerance'],
    maxErrorRate: values['max-error-rate'],
    latencyMargin: values['latency-margin'],
    warmUp: periods(values['warm-up']),
    metricDelay: periods(values['metric-delay']),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}
