import { changesRequest } from '../commands/changes/from-inputs.ts';
import { changesInWords } from '../commands/changes/messages.ts';
import { findChanges } from '../commands/changes/changes.ts';
import { matrixOf } from '../commands/changes/matrix.ts';
import { changesAction as action } from '../inputs/actions/changes.ts';
import { InvalidInputs, type Issue } from '../inputs/issue.ts';
import { asOption, inputsFromOptions, optionsOf } from './action-options.ts';
import type { Command } from './command.ts';
import { FAILED, MISUSED } from './exit-codes.ts';
import { plainText } from '../core/plain-text.ts';
import { asJson } from './json.ts';
import { jsonOption, withoutJsonFlag } from './json-flag.ts';

export const changesCommand: Command = {
  usage: ['changes [--base COMMIT] [--head COMMIT] [--config FILE] [--environment NAME] [--json]'],
  description: [
    'Lists the services of ecs-ramp.yml that a change affects: through their own files, files of libraries and services that they use, and their settings. In a workflow, the event determines the commits to compare; elsewhere, use --base.',
  ],
  options: { Output: jsonOption, ...optionsOf(action) },
  exitCodes: {
    0: 'The changed services were listed; there may be none.',
    [FAILED]: 'Git is not installed, or the folder is not a clone.',
    [MISUSED]: 'The command line or ecs-ramp.yml is wrong.',
  },
  async run(args, context) {
    const { json, others } = withoutJsonFlag(args);
    const parsed = await inputsFromOptions(action, others, context);
    const request = await changesRequest(parsed);
    const found = await findChanges(request).catch((error: unknown) => {
      if (!(error instanceof InvalidInputs)) throw error;
      throw new InvalidInputs(error.issues.map((wrong) => (isCommit(wrong) ? asOption(wrong) : wrong)));
    });
    if (found.warning !== null) context.complain(plainText(found.warning));
    if (!json) {
      for (const line of changesInWords(found)) context.print(line);
      return 0;
    }
    // Other CIs have no limit of jobs: nothing is refused here.
    const { all, parts: matrices, waves } = matrixOf(found, parsed.values.parts);
    const { touched, gone: removed, environment, compared } = found;
    context.print(
      asJson({ services: touched, removed, environment, compared, matrix: all, matrices, waves }),
    );
    return 0;
  },
};

function isCommit({ input }: Issue): boolean {
  return input === 'base' || input === 'head';
}
