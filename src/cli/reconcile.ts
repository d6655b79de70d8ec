import { reconcileAction } from '../inputs/actions/reconcile.ts';
import { InvalidInputs, inputIssue } from '../inputs/issue.ts';
import { maintenanceRounds } from '../inputs/maintenance.ts';
import { identify } from '../core/run.ts';
import { inputsFromOptions, optionsOf } from './action-options.ts';
import type { Command } from './command.ts';
import { FAILED, MISUSED, DIRTY } from './exit-codes.ts';
import { asJson } from './json.ts';
import type { Options } from './options.ts';

const output = {
  explain: { description: 'Print one line of text for each service instead of JSON.' },
} as const satisfies Options;

export const reconcileCommand: Command = {
  usage: [
    'reconcile [--cluster NAME,...] [--service NAME,...] [--repair] [--dry-run] [--explain]',
    'reconcile --config FILE [--environment NAME] [--service NAME,...] [--repair] [--dry-run] [--explain]',
  ],
  description: [
    'Finds ECS services with traces of ecs-ramp runs that died: the pause hook, the tags, or a deployment in a pause that no run answers. Finishes rollouts that reached 100%, rolls back the others, and verifies the result. It never changes a rollout whose run is alive, or a deployment that ecs-ramp did not start.',
    'Compares every service with its last release, its listener rules and git, and says how to correct each difference. With --repair, moves weights that lead to no task to the target group with the healthy tasks.',
    'Meant to run on a schedule. Prints the result for each service: clean, in progress, finished, repaired, undone, or dirty (manual action is required).',
  ],
  options: { ...optionsOf(reconcileAction), Output: output },
  exitCodes: {
    0: 'No service is dirty.',
    [FAILED]: 'AWS refused, or does not know a cluster or a service.',
    [MISUSED]: 'The command line is wrong.',
    [DIRTY]: 'A service is dirty: the reason says what to check.',
  },
  async run(args, context) {
    const explain = args.includes('--explain');
    const parsed = await inputsFromOptions(
      reconcileAction,
      args.filter((arg) => arg !== '--explain'),
      context,
    );
    const rounds = await maintenanceRounds(parsed);
    if (rounds.some(({ access }) => access.region === null)) {
      const fix = 'set AWS_REGION, or give --aws-region';
      throw new InvalidInputs([inputIssue('--aws-region', { problem: 'no AWS region is set', fix })]);
    }
    const manner = { dryRun: parsed.values['dry-run'], repair: parsed.values.repair };
    const [
      { maintain },
      { eventInWords, reconciledInWords, worstOf },
      { cleanedUpInWords },
      { deletedInWords },
      { createAskBranch },
    ] = await Promise.all([
      import('../commands/reconcile/maintenance.ts'),
      import('../commands/reconcile/messages.ts'),
      import('../commands/reconcile/clean-up/clean-up.ts'),
      import('../commands/reconcile/clean-up/images.ts'),
      import('../commands/drift/branch.ts'),
    ]);
    const { services, cleanedUp, deletedImages } = await maintain(rounds, manner, {
      connect: (access) => context.connect(access),
      clock: context.clock,
      run: identify(context.env),
      askBranch: createAskBranch({ folder: context.cwd, env: context.env }),
      onUnread: (reason) => context.complain(`not compared: ${reason}`),
      tell(service, event) {
        for (const line of eventInWords(service, event, context.clock.now())) context.complain(line);
      },
    });
    const lines = explain
      ? [
          ...reconciledInWords(services),
          ...cleanedUpInWords(cleanedUp, manner),
          ...deletedInWords(deletedImages, manner),
        ]
      : [asJson({ ...manner, state: worstOf(services), services, cleanedUp, deletedImages })];
    for (const line of lines) context.print(line);
    return worstOf(services) === 'dirty' ? DIRTY : 0;
  },
};
