import { accessOf } from '../inputs/assemble.ts';
import { continueInputs } from './approval-inputs.ts';
import { inputsFromOptions, optionsOf } from './action-options.ts';
import type { Command } from './command.ts';
import { FAILED, MISUSED } from './exit-codes.ts';

export const continueCommand: Command = {
  usage: ['continue --service NAME [--cluster NAME] [--step PERCENT]'],
  description: [
    'Approves the step at which the rollout of a service waits (gates: 30 approval 2h). The rollout continues when the evidence is good too. The approval is a tag on the service and is valid only for this step of this rollout.',
    'When a release has all of the traffic and its run has ended, the command ends the time for which the old revision is kept (keep-old): ECS removes it.',
  ],
  options: optionsOf(continueInputs),
  exitCodes: {
    0: 'The step is approved, or ECS removes the old revision.',
    [FAILED]: 'Nothing waits for an approval, or AWS refused.',
    [MISUSED]: 'The command line is wrong.',
  },
  async run(args, context) {
    const parsed = await inputsFromOptions(continueInputs, args, context);
    const [{ approve }, { callerOf }] = await Promise.all([
      import('../commands/approval/approval.ts'),
      import('../commands/approval/caller.ts'),
    ]);
    const ecs = await context.connect(accessOf(parsed)).ecs();
    const by = await callerOf(context.env, ecs);
    for (const line of await approve(parsed.values, { ecs, clock: context.clock, by })) context.print(line);
    return 0;
  },
};
