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
    'Builds, pushes, and takes the service to the new version step by step, or back: what the action does, in any CI or by hand. It says what happens as it happens, and writes the event trail, the summary and the recording as the action does.',
    'The options are the inputs of the action. What has a value on each line may be given several times. A variable stands for an option that is not given, INPUT_BAKE_TIME for --bake-time: give passwords so, since others may see a command line.',
    'SIGINT (Ctrl-C) and SIGTERM cancel: the rollout is taken back, and the command ends when it is. Should it be killed, ECS rolls back by itself.',
  ],
  options: optionsOf(deployInputs),
  exitCodes: {
    0: 'The release has all of the traffic, or had it already (or: dry run).',
    [FAILED]: 'It failed, and production was not touched.',
    [MISUSED]: 'The options are wrong: nothing was done.',
    [ROLLED_BACK]: 'It was rolled back: all of the traffic is on the old version, verified.',
    [DIRTY]: 'A person is needed: the summary says what to look at.',
  },
  async run(args, context) {
    const request = await readDeployJob(args, context);
    const trail = createTrail({ clock: context.clock, file: request.eventsFile });
    await runDeployJob(request, trail, context);
    return finishCommand(trail.events, request, context);
  },
};
