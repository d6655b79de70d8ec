import { statusAction as action } from '../inputs/actions/status.ts';
import { accessOf } from '../inputs/assemble.ts';
import { inputsFromOptions, optionsOf } from './action-options.ts';
import type { Command } from './command.ts';
import { FAILED, MISUSED } from './exit-codes.ts';
import { asJson } from './json.ts';
import { jsonOption, withoutJsonFlag } from './json-flag.ts';

export const statusCommand: Command = {
  usage: ['status [--service NAME] [--cluster NAME] [--json]'],
  description: [
    'What a service runs, or every service of a cluster: the task definition, its commit, who brought it and in which run, its images by digest, how many tasks are healthy and what share of the traffic they have, since when; what is in progress, until when it waits and what then; whether the old revision is still hot; and what a run that died left behind. It changes nothing.',
  ],
  options: { ...optionsOf(action), Output: jsonOption },
  exitCodes: {
    0: 'It was told, whatever it is.',
    [FAILED]: 'AWS refused, or does not know the cluster or the service.',
    [MISUSED]: 'The command line is wrong.',
  },
  async run(args, context) {
    const { json, others } = withoutJsonFlag(args);
    const parsed = await inputsFromOptions(action, others, context);
    const [{ readStatus }, { statusInWords }] = await Promise.all([
      import('../commands/status/status.ts'),
      import('../commands/status/messages.ts'),
    ]);
    const now = context.clock.now();
    const services = await readStatus(parsed.values, context.connect(accessOf(parsed)), now);
    if (json) context.print(asJson(services));
    else {
      const lines = services.flatMap((each) => [...statusInWords(each, now), '']);
      context.print(lines.slice(0, -1).join('\n') || `no services in cluster ${parsed.values.cluster}`);
    }
    return 0;
  },
};
