import { rollbackAction as described } from '../inputs/actions/rollback.ts';
import type { Action } from '../inputs/action.ts';
import { rollbackRequest } from '../inputs/inputs.ts';
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
import { createMasks } from './masks.ts';
import { htmlInputs, htmlCanBeWritten, htmlFileOf } from './html-file.ts';
import { runJobs } from '../commands/run/run-jobs.ts';
import { rollbackOne } from '../commands/run/rollback-one.ts';

const definitions = { ...described.definitions, ...notificationOptions, ...htmlInputs };
const action: Action<typeof definitions> = {
  ...described,
  groups: {
    ...described.groups,
    'Who is told': { ...described.groups['Who is told'], ...notificationOptions },
    'The report': htmlInputs,
  },
  definitions,
  rules: [...described.rules, htmlCanBeWritten],
};

export const rollbackCommand: Command = {
  usage: ['rollback --service NAME [--cluster NAME] [--to RELEASE] [--dry-run] [OPTIONS]'],
  description: [
    'Takes a service back to an earlier release, and says what it is going to do before it does it. While a deployment is under way, from its start to the end of keep-old, the old revision still runs: one call undoes the deployment, whoever began it, and what follows is the wait for the verified end. When nothing is hot any more, the release before the one that serves is rolled out again, at once unless --rollback-steps says otherwise.',
    'Run twice, it goes back once: of a release that is undone already it says so, and which release would be the one before. To go there, name it in --to.',
  ],
  options: optionsOf(action),
  exitCodes: {
    0: 'The earlier release serves (deployed), or there was nothing to undo (unchanged; or: dry run).',
    [FAILED]: 'Nothing was done: there is nothing to return to, or AWS refused.',
    [MISUSED]: 'The options are wrong: nothing was done.',
    [ROLLED_BACK]: 'The earlier release was rolled out again and was worse: what served before still serves.',
    [DIRTY]: 'A person is needed: the summary says what to look at.',
  },
  async run(args, context) {
    const parsed = await inputsFromOptions(action, args, context);
    const request = rollbackRequest(parsed);
    const { clock, env } = context;
    const trail = createTrail({ clock, file: request.eventsFile });
    const run = identify(env);
    const masks = createMasks();
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
      rollbackOne(job, { clock, cancelled, run, connect: () => context.connect(request.access) }),
    );
    return finishCommand(trail.events, { ...request, htmlFile: htmlFileOf(parsed) }, context);
  },
};
