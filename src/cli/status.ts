import { statusAction as action } from '../inputs/actions/status.ts';
import { accessOf } from '../inputs/assemble.ts';
import { inputsFromOptions, optionsOf } from './action-options.ts';
import type { Command } from './command.ts';
import { DIRTY, FAILED, MISUSED } from './exit-codes.ts';
import { asJson } from './json.ts';
import { jsonOption, withoutJsonFlag } from './json-flag.ts';

export const statusCommand: Command = {
  usage: ['status [--service NAME] [--cluster NAME] [--json]'],
  description: [
    'Shows what one service, or every service of a cluster, runs: the task definition, its commit, who deployed it, when and in which run, its images by digest, the number of healthy tasks and their share of the traffic; the deployment in progress, how long it waits and what happens then; whether the old revision still runs; and traces of a run that died. Changes nothing.',
  ],
  options: { ...optionsOf(action), Output: jsonOption },
  exitCodes: {
    0: 'The status was printed, and all traffic reaches tasks.',
    [FAILED]: 'AWS refused, or does not know the cluster or the service.',
    [MISUSED]: 'The command line is wrong.',
    [DIRTY]: 'Traffic of a service reaches no task: the status says why.',
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
    return services.some(({ drift }) => drift !== null) ? DIRTY : 0;
  },
};
