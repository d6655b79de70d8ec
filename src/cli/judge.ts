import { InvalidInputs } from '../inputs/inputs.ts';
import { cloudWatchPeriod, duration } from '../inputs/kinds/duration.ts';
import { number } from '../inputs/kinds/number.ts';
import { ecsName, text } from '../inputs/kinds/text.ts';
import { mistake, type Mistake } from '../inputs/issue.ts';
import { HOUR, SECOND } from '../core/time/clock.ts';
import type { Command } from './command.ts';
import { FAILED, MISUSED, ROLLED_BACK } from './exit-codes.ts';
import { moment } from './point-in-time.ts';
import { readCommandLine, type Options } from './options.ts';
import { settings } from './settings.ts';
import { wholeNumber } from '../inputs/kinds/whole-number.ts';

const common = {
  settings: {
    value: 'NAME=NUMBER,...',
    description:
      "Settings of the judge, instead of the recording's or the defaults: falseAlarmRate=0.001,warmUp=5.",
    kind: settings,
  },
  explain: { description: 'Print for people: words and a table, instead of JSON.' },
} as const satisfies Options;

const ofFile = {
  'exit-code': { description: `Exit with ${ROLLED_BACK} if the verdict is rollback.` },
} as const satisfies Options;

const ofService = {
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
    kind: moment,
  },
  to: {
    value: 'TIME',
    description: 'Its end; what CloudWatch has not finished yet is left out.',
    kind: moment,
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

const options = { ...common, ...ofFile, ...ofService };

export type JudgeOptions = ReturnType<typeof read>['values'];
const read = (args: readonly string[]) => readCommandLine(options, args);

export const judge: Command = {
  usage: [
    'judge FILE [--explain] [--exit-code] [--settings NAME=NUMBER,...]',
    'judge --service NAME [--cluster NAME] --from TIME [--to TIME] [--share PERCENT] [OPTIONS]',
  ],
  description: [
    'With FILE (- for stdin): reads the recording of a rollout and prints the verdict with the evidence minute by minute, as JSON. It is the same judge that the rollout asks: same recording, same verdict.',
    'With --service: reads the history of a running service from CloudWatch and says how often a rollout in that time would have been rolled back for nothing, and how soon a fault would have been found. Many rollouts are pretended: in each of them the requests that the service got are parted by lot into those of a new version and those of the old one, and judged. Nothing is changed.',
  ],
  options: { Options: common, 'With FILE': ofFile, 'With --service': ofService },
  exitCodes: {
    0: 'It was judged, whatever the verdict.',
    [FAILED]: 'AWS refused, or does not know the service.',
    [MISUSED]: 'The command line, the file or the recording in it is wrong.',
    [ROLLED_BACK]: 'With --exit-code: the verdict is rollback.',
  },
  async run(args, world) {
    const { values, given, positionals, mistakes } = read(args);
    const wrong = [...mistakes, ...misplaced(given, positionals)];
    const [file] = positionals;
    if (given.has('service')) {
      return (await import('./judge-history.ts')).judgeHistory({ values, given, mistakes: wrong }, world);
    }
    if (file === undefined || wrong.length > 0) throw new InvalidInputs(wrong);
    return (await import('./judge-recording.ts')).judgeRecording(file, values, world);
  },
};

/** A recording or a service: what goes with the other one is a mistake. */
function misplaced(given: ReadonlySet<string>, positionals: readonly string[]): readonly Mistake[] {
  const isService = given.has('service');
  if (!isService && positionals.length === 0) {
    const problem = 'neither a recording nor a service is given';
    return [mistake('judge', { problem, fix: 'name a FILE, or - for stdin, or a --service' })];
  }
  const what = isService ? '--service' : 'a recording';
  const tooMany = positionals.slice(isService ? 0 : 1);
  const others = Object.keys(isService ? ofFile : ofService).filter((name) => given.has(name));
  return [...tooMany, ...others.map((name) => `--${name}`)].map((argument) =>
    mistake(argument, { problem: `it does not go with ${what}`, fix: 'leave it out' }),
  );
}
