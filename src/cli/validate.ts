import { quantity } from '../core/quantity.ts';
import { checkEvery } from '../inputs/check-config.ts';
import { loadWithIssues } from '../inputs/config/load.ts';
import { InvalidInputs, inputIssue } from '../inputs/issue.ts';
import { path } from '../inputs/types/text.ts';
import type { Command } from './command.ts';
import { MISUSED } from './exit-codes.ts';
import { readCommandLine, type Options } from './options.ts';

const options = {
  config: {
    value: 'FILE',
    description: 'Path of the file, relative to the current folder.',
    type: path,
    default: 'ecs-ramp.yml',
  },
} as const satisfies Options;

export const validateCommand: Command = {
  usage: ['validate [--config FILE]'],
  description: [
    'Checks ecs-ramp.yml for every service in every environment, as for a deployment from this checkout: all keys and values, the files that they name, and whether they are consistent. Prints all errors with line and column. Makes no calls to AWS.',
  ],
  options: { Options: options },
  exitCodes: { 0: 'The file is valid.', [MISUSED]: 'The file has errors, or does not exist.' },
  async run(args, context) {
    const { values, positionals, issues } = readCommandLine(options, args);
    const stray = positionals.map((name) =>
      inputIssue(name, { problem: 'it does not belong to an option', fix: `write --config ${name}` }),
    );
    const misread = [...issues, ...stray];
    if (misread.length > 0) throw new InvalidInputs(misread);
    const { config, issues: unread } = await loadWithIssues(values.config, context.cwd);
    if (config === null) throw new InvalidInputs(unread);
    const { services, environments, issues: wrong } = checkEvery(config, context.cwd, unread);
    if (wrong.length > 0) throw new InvalidInputs(wrong);
    const where = environments === 0 ? '' : ` in ${quantity(environments, 'environment')}`;
    context.print(`${values.config}: ${quantity(services, 'service')}${where}, no errors.`);
    return 0;
  },
};
