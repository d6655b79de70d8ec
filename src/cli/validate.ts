import { checkEvery } from '../inputs/check-config.ts';
import { loadConfig } from '../inputs/config/load.ts';
import { InvalidInputs, inputIssue } from '../inputs/issue.ts';
import { path } from '../inputs/types/text.ts';
import type { Command } from './command.ts';
import { MISUSED } from './exit-codes.ts';
import { readCommandLine, type Options } from './options.ts';

const options = {
  config: {
    value: 'FILE',
    description: 'The file, from the current folder.',
    kind: path,
    default: 'ecs-ramp.yml',
  },
} as const satisfies Options;

export const validateCommand: Command = {
  usage: ['validate [--config FILE]'],
  description: [
    'Checks ecs-ramp.yml as each of its services in each of its environments would be deployed from this checkout: every key and value, the files they name, and whether they go together. Says all that is wrong, with line and column. AWS is not asked.',
  ],
  options: { Options: options },
  exitCodes: { 0: 'Nothing is wrong.', [MISUSED]: 'Something is wrong, or there is no such file.' },
  async run(args, context) {
    const { values, positionals, issues } = readCommandLine(options, args);
    const stray = positionals.map((name) =>
      inputIssue(name, { problem: 'it belongs to no option', fix: `write --config ${name}` }),
    );
    const misread = [...issues, ...stray];
    if (misread.length > 0) throw new InvalidInputs(misread);
    const {
      services,
      environments,
      issues: wrong,
    } = checkEvery(await loadConfig(values.config, context.cwd), context.cwd);
    if (wrong.length > 0) throw new InvalidInputs(wrong);
    const where =
      environments === 0 ? '' : ` in ${environments} ${environments === 1 ? 'environment' : 'environments'}`;
    context.print(
      `${values.config}: ${services} ${services === 1 ? 'service' : 'services'}${where}, nothing is wrong.`,
    );
    return 0;
  },
};
