import { rollbackAction as described } from '../inputs/actions/rollback.ts';
import type { Action } from '../inputs/action.ts';
import { rollbackRequest } from '../inputs/assemble.ts';
import { secretsOf } from '../inputs/secrets.ts';
import { identify } from '../core/run.ts';
import { createTrail } from '../core/trail/trail.ts';
import { inputsFromOptions, optionsOf } from './action-options.ts';
import type { Command } from './command.ts';
import { finishCommand } from './finish.ts';
import { DIRTY, FAILED, MISUSED, ROLLED_BACK } from './exit-codes.ts';
import { follow } from './follow.ts';
import {
  readNotificationSettings,
  openCliNotifications,
  notificationOptions,
} from './notification-options.ts';
import { createMasks } from '../core/secrecy/masks.ts';
import { htmlInputs, htmlCanBeWritten, htmlFileOf } from './html-file.ts';
import { runJobs } from '../commands/run/run-jobs.ts';
import { rollbackOne } from '../commands/run/rollback-one.ts';

const definitions = { ...described.definitions, ...notificationOptions, ...htmlInputs };
const action: Action<typeof definitions> = {
  ...described,
  groups: {
    ...described.groups,
    Notifications: { ...described.groups['Notifications'], ...notificationOptions },
    Report: htmlInputs,
  },
  definitions,
  rules: [...described.rules, htmlCanBeWritten],
};

export const rollbackCommand: Command = {
  usage: ['rollback --service NAME [--cluster NAME] [--to RELEASE] [--dry-run] [OPTIONS]'],
  description: [
    'Returns a service to an earlier release. It prints what it will do before it does it. While a deployment is in progress, from its start to the end of keep-old, the old revision still runs: one call undoes the deployment, even if ecs-ramp did not start it, and the command waits until the rollback is verified. If the old revision no longer runs, the release before the current one is rolled out again, in one step unless --rollback-steps is given.',
    'A second call does not go back further: it reports that the release is already undone, and names the release before it. To return to that release, use --to.',
  ],
  options: optionsOf(action),
  exitCodes: {
    0: 'The earlier release serves (deployed), or there was nothing to undo, or this was a dry run (unchanged).',
    [FAILED]: 'Nothing was done: there is no earlier release to roll back to, or AWS refused.',
    [MISUSED]: 'The options are wrong: nothing was done.',
    [ROLLED_BACK]: 'The earlier release failed its rollout: the release that served before still serves.',
    [DIRTY]: 'Manual action is required: the summary says what to check.',
  },
  async run(args, context) {
    const parsed = await inputsFromOptions(action, args, context);
    const request = rollbackRequest(parsed);
    const { clock, env } = context;
    const masks = createMasks(secretsOf(parsed));
    const trail = createTrail({ clock, file: request.eventsFile, masked: masks.masked });
    const run = identify(env);
    await follow(trail, context, masks.masked);
    const found = await readNotificationSettings(
      parsed,
      { source: request.source, isOfCheckout: true },
      context,
    );
    const others = openCliNotifications(found, context, { run, masks });
    const cancelled = context.cancellation();
    const job = { request, trail, command: 'rollback' } as const;
    await runJobs([job], { others, cancelled }, () =>
      rollbackOne(job, { clock, cancelled, run, connect: () => context.connect(request.access, masks.mask) }),
    );
    return finishCommand(trail.events, { ...request, htmlFile: htmlFileOf(parsed) }, context);
  },
};
