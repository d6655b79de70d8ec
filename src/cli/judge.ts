import { InvalidInputs, inputIssue, type Issue } from '../inputs/issue.ts';
import type { Command } from './command.ts';
import { FAILED, MISUSED, ROLLED_BACK } from './exit-codes.ts';
import {
  commonOptions,
  historyOptions,
  readJudgeOptions,
  recordingOptions,
  withConfigFile,
} from './judge-options.ts';

export const judgeCommand: Command = {
  usage: [
    'judge FILE [--explain] [--exit-code] [OPTIONS]',
    'judge --service NAME [--cluster NAME] [--config FILE] --from TIME [--to TIME] [OPTIONS]',
  ],
  description: [
    'With FILE (- for stdin): reads the recording of a rollout and prints the verdict and the evidence of each period as JSON. The rollout uses the same judge, so the same recording gives the same verdict.',
    'With --service: reads the metrics of a running service from CloudWatch and reports how often a rollout in that time would have been rolled back without a cause, and how soon a fault would have been detected. It simulates many rollouts: each one randomly splits the requests of the service between a new and an old revision and evaluates them. Changes nothing.',
  ],
  options: { Options: commonOptions, 'With FILE': recordingOptions, 'With --service': historyOptions },
  exitCodes: {
    0: 'The evaluation succeeded, with any verdict.',
    [FAILED]: 'AWS refused, or does not know the service.',
    [MISUSED]: 'The command line, the file or the recording in it is wrong.',
    [ROLLED_BACK]: 'With --exit-code: the verdict is rollback.',
  },
  async run(args, context) {
    const { given } = readJudgeOptions(args);
    const { values, positionals, issues } = readJudgeOptions(await withConfigFile(args, context));
    const wrong = [...issues, ...misplaced(given, positionals)];
    const [file] = positionals;
    if (given.has('service') || given.has('config')) {
      return (await import('./judge-history.ts')).judgeHistory({ values, given, issues: wrong }, context);
    }
    if (file === undefined || wrong.length > 0) throw new InvalidInputs(wrong);
    return (await import('./judge-recording.ts')).judgeRecording(file, values, context);
  },
};

/** Rejects options of a recording with a service, and the reverse. */
function misplaced(given: ReadonlySet<string>, positionals: readonly string[]): readonly Issue[] {
  const isService = given.has('service') || given.has('config');
  if (!isService && positionals.length === 0) {
    const problem = 'neither a recording nor a service is given';
    return [inputIssue('judge', { problem, fix: 'give a FILE, - for stdin, or --service NAME' })];
  }
  const what = isService ? '--service' : 'a recording';
  const tooMany = positionals.slice(isService ? 0 : 1);
  const others = Object.keys(isService ? recordingOptions : historyOptions).filter((name) => given.has(name));
  return [...tooMany, ...others.map((name) => `--${name}`)].map((argument) =>
    inputIssue(argument, { problem: `it cannot be used with ${what}`, fix: 'remove it' }),
  );
}
