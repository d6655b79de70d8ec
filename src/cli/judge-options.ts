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
      "Settings of the judge, instead of the recording's or the defaults: falseAlarmRate=0.001,warmUp=5.",
    kind: settings,
  },
  explain: { description: 'Print for people: words and a table, instead of JSON.' },
} as const satisfies Options;

export const recordingOptions = {
  'exit-code': { description: `Exit with ${ROLLED_BACK} if the verdict is rollback.` },
} as const satisfies Options;

export const historyOptions = {
  service: { value: 'NAME', description: 'The ECS service.', kind: ecsName('an ECS service') },
  cluster: {
    value: 'NAME',
    description: 'The ECS cluster it runs in.',
    kind: ecsName('an ECS cluster'),
    default: 'default',
  },
  from: {
    value: 'TIME',
    description: 'Beginning of the history: a time such as 2026-11-20T08:00Z, a date, or how long ago: 24h.',
    kind: pointInTime,
  },
  to: {
    value: 'TIME',
    description: 'Its end; what CloudWatch has not finished yet is left out.',
    kind: pointInTime,
    default: 'now',
  },
  share: {
    value: 'PERCENT',
    description: 'Share of the requests that the pretended new version gets.',
    kind: number({ from: 0.1, to: 99 }),
    default: '10',
  },
  length: {
    value: 'DURATION',
    description: 'How long a pretended rollout lasts.',
    kind: duration({ from: SECOND, to: 24 * HOUR }),
    default: '1h',
  },
  'step-timeout': {
    value: 'DURATION',
    description: 'By when its first step should have passed: the input of the same name.',
    kind: duration({ from: SECOND, to: 24 * HOUR }),
    default: '30m',
  },
  rollouts: {
    value: 'NUMBER',
    description: 'How many rollouts are pretended.',
    kind: wholeNumber({ from: 20, to: 100_000 }),
    default: '1000',
  },
  period: {
    value: 'DURATION',
    description: 'Period of the metrics; load balancers publish every 60s.',
    kind: duration({ from: SECOND, to: HOUR, also: cloudWatchPeriod }),
    default: '60s',
  },
  seed: {
    value: 'NUMBER',
    description: 'The same seed gives the same answer.',
    kind: wholeNumber({ from: 0, to: 2 ** 31 }),
    default: '1',
  },
  region: {
    value: 'NAME',
    description: 'The AWS region, if AWS_REGION does not say it.',
    kind: text({ allowed: 'the name of a region' }),
  },
} as const satisfies Options;

const options = { ...commonOptions, ...recordingOptions, ...historyOptions };

export type JudgeOptions = ReturnType<typeof readJudgeOptions>['values'];

export const readJudgeOptions = (args: readonly string[]) => readCommandLine(options, args);
