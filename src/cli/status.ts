import { statusAction as action } from '../inputs/actions/status.ts';
import { accessOf } from '../inputs/assemble.ts';
import { inputsFromOptions, optionsOf } from './action-options.ts';
import type { Command } from './command.ts';
import { DIRTY, FAILED, MISUSED } from './exit-codes.ts';
import { asJson } from './json.ts';
import { jsonOption, withoutJsonFlag } from './json-flag.ts';

export const statusCommand: Command = {
  usage: ['status [--service NAME] [--cluster NAME] [--config FILE] [--json]'],
  description: [
    'Shows what one service, or every service of a cluster, runs: the task definition, its commit, who deployed it, when and in which run, its images by digest, the number of healthy tasks and their share of the traffic; the deployment in progress, how long it waits and what happens then; whether the old revision still runs; traces of a run that died; and drift: traffic that reaches no task, a revision that was deployed without ecs-ramp, a commit that is on no branch any more. Changes nothing.',
  ],
  options: { ...optionsOf(action), Output: jsonOption },
  exitCodes: {
    0: 'The status was printed, and every service is as it should be.',
    [FAILED]: 'AWS refused, or does not know the cluster or the service.',
    [MISUSED]: 'The command line is wrong.',
    [DIRTY]:
      'A service differs from its last release, its configuration or git: the status says how to correct it.',
  },
  async run(args, context) {
    const { json, others } = withoutJsonFlag(args);
    const parsed = await inputsFromOptions(action, others, context);
    const [{ readStatus }, { statusInWords, unreadInWords }, { isDrifted }, { createAskBranch }] =
      await Promise.all([
        import('../commands/status/status.ts'),
        import('../commands/status/messages.ts'),
        import('../commands/status/service-status.ts'),
        import('../commands/drift/branch.ts'),
      ]);
    const now = context.clock.now();
    const { services, unread } = await readStatus(parsed.values, {
      clients: context.connect(accessOf(parsed)),
      now,
      askBranch: createAskBranch({ folder: context.cwd, env: context.env }),
    });
    for (const line of unreadInWords(unread)) context.complain(line);
    if (json) context.print(asJson(services));
    else {
      const lines = services.flatMap((each) => [...statusInWords(each, now), '']);
      context.print(lines.slice(0, -1).join('\n') || `no services in cluster ${parsed.values.cluster}`);
    }
    return services.some(isDrifted) ? DIRTY : 0;
  },
};
