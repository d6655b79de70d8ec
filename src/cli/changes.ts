import { changesRequest } from '../commands/changes/from-inputs.ts';
import { changesInWords } from '../commands/changes/messages.ts';
import { findChanges } from '../commands/changes/changes.ts';
import { matrixOf } from '../commands/changes/matrix.ts';
import { changesAction as action } from '../inputs/actions/changes.ts';
import { inputsFromOptions, optionsOf } from './action-options.ts';
import type { Command } from './command.ts';
import { FAILED, MISUSED } from './exit-codes.ts';
import { asJson } from './json.ts';
import type { Options } from './options.ts';

const own = {
  json: { description: 'Print one JSON object, instead of lines for people.' },
} as const satisfies Options;

export const changesCommand: Command = {
  usage: ['changes [--base COMMIT] [--head COMMIT] [--config FILE] [--environment NAME] [--json]'],
  description: [
    'Says which services of ecs-ramp.yml a change touches: by files of their own, of what they use, and by their settings. In a workflow the event says what is compared; elsewhere --base does.',
  ],
  options: { Output: own, ...optionsOf(action) },
  exitCodes: {
    0: 'It is said; perhaps that nothing is touched.',
    [FAILED]: 'There is no git, or no clone.',
    [MISUSED]: 'The command line or ecs-ramp.yml is wrong.',
  },
  async run(args, context) {
    const json = args.includes('--json');
    const rest = args.filter((arg) => arg !== '--json');
    const found = await findChanges(await changesRequest(await inputsFromOptions(action, rest, context)));
    if (!json) {
      for (const line of changesInWords(found)) context.print(line);
      return 0;
    }
    const { all, waves } = matrixOf(found);
    const { touched, gone: removed, environment, compared } = found;
    context.print(asJson({ services: touched, removed, environment, compared, matrix: all, waves }));
    return 0;
  },
};
