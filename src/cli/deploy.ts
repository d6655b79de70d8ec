import { createTrail } from '../core/trail/trail.ts';
import { optionsOf } from './action-options.ts';
import type { Command } from './command.ts';
import { deployInputs } from './deploy-inputs.ts';
import { finishCommand } from './finish.ts';
import { DIRTY, FAILED, MISUSED, ROLLED_BACK } from './exit-codes.ts';
import { readDeployJob, runDeployJob } from './run-deploy.ts';

export const deployCommand: Command = {
  usage: [
    'deploy --service NAME [--cluster NAME] --repository NAME [--context PATH] [OPTIONS]',
    'deploy --service NAME [--cluster NAME] --image NAME@sha256:DIGEST [OPTIONS]',
  ],
  description: [
    'Builds and pushes the image, and moves the service to the new revision step by step, or rolls it back: the same as the action, in any CI or on a terminal. It prints its progress, and writes the event trail, the summary and the recording like the action.',
    'The options are the inputs of the action. Options with one value per line can be repeated. Options that are not given are read from variables, such as INPUT_BAKE_TIME for --bake-time. Use variables for passwords, because other users may see a command line.',
    'SIGINT (Ctrl-C) and SIGTERM cancel the command: it rolls back the rollout and ends after that. If the command is killed, ECS rolls back by itself.',
  ],
  options: optionsOf(deployInputs),
  exitCodes: {
    0: 'The release has all traffic, or already had it, or this was a dry run.',
    [FAILED]: 'The deployment failed, and production was not changed.',
    [MISUSED]: 'The options are wrong: nothing was done.',
    [ROLLED_BACK]: 'The release was rolled back: the old revision has all traffic, verified.',
    [DIRTY]: 'Manual action is required: the summary says what to check.',
  },
  async run(args, context) {
    const request = await readDeployJob(args, context);
    const trail = createTrail({
      clock: context.clock,
      file: request.eventsFile,
      masked: request.masks.masked,
    });
    await runDeployJob(request, trail, context);
    return finishCommand(trail.events, request, context);
  },
};
