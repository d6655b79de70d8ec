import { accessOf } from '../inputs/assemble.ts';
import { abortInputs } from './approval-inputs.ts';
import { inputsFromOptions, optionsOf } from './action-options.ts';
import type { Command } from './command.ts';
import { FAILED, MISUSED } from './exit-codes.ts';

export const abortCommand: Command = {
  usage: ['abort --service NAME --reason WHY [--cluster NAME]'],
  description: [
    'Rolls back the rollout of a service that is in progress, immediately and at any step. The run of that rollout reports who aborted it and why, waits until the rollback is verified, and ends as rolled-back. To wait for the end here, or to undo a deployment that ecs-ramp did not start, use ecs-ramp rollback.',
  ],
  options: optionsOf(abortInputs),
  exitCodes: {
    0: 'The rollback was requested, or is already in progress.',
    [FAILED]: 'There is nothing to abort, or AWS refused.',
    [MISUSED]: 'The command line is wrong.',
  },
  async run(args, context) {
    const parsed = await inputsFromOptions(abortInputs, args, context);
    const [{ abort }, { callerOf }] = await Promise.all([
      import('../commands/approval/approval.ts'),
      import('../commands/approval/caller.ts'),
    ]);
    const ecs = await context.connect(accessOf(parsed)).ecs();
    const by = await callerOf(context.env, ecs);
    for (const line of await abort(parsed.values, { ecs, clock: context.clock, by })) context.print(line);
    return 0;
  },
};
