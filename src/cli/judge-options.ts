import { number } from '../inputs/types/number.ts';
import { ROLLED_BACK } from './exit-codes.ts';
import { SECOND, HOUR } from '../core/time/clock.ts';
import { text, ecsName } from '../inputs/types/text.ts';
import { type Options, readCommandLine } from './options.ts';
import { duration, cloudWatchPeriod } from '../inputs/types/duration.ts';
import { pointInTime } from './point-in-time.ts';
import { wholeNumber } from '../inputs/types/whole-number.ts';
import { settings } from './settings.ts';

export const commonOptions = {
  settings: {
    value: 'NAME=NUMBER,...',
    description:
      'Settings of the judge that override those of the recording or the defaults, such as falseAlarmRate=0.001,warmUp=5.',
    type: settings,
  },
  explain: { description: 'Print text and a table instead of JSON.' },
} as const satisfies Options;

export const recordingOptions = {
  'exit-code': { description: `Exit with ${ROLLED_BACK} if the verdict is rollback.` },
} as const satisfies Options;

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
  period: {
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
  region: {
    value: 'NAME',
    description: 'AWS region. Default: the region of the environment (AWS_REGION, AWS_DEFAULT_REGION).',
    type: text({ allowed: 'the name of a region' }),
  },
} as const satisfies Options;

const options = { ...commonOptions, ...recordingOptions, ...historyOptions };

export type JudgeOptions = ReturnType<typeof readJudgeOptions>['values'];

export const readJudgeOptions = (args: readonly string[]) => readCommandLine(options, args);
