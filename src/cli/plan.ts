import { planOf } from '../report/plan.ts';
import { createTrail } from '../core/trail/trail.ts';
import { optionsOf } from './action-options.ts';
import type { Command } from './command.ts';
import { deployInputs } from './deploy-inputs.ts';
import { FAILED, MISUSED } from './exit-codes.ts';
import { asJson } from './json.ts';
import { jsonOption, withoutJsonFlag } from './json-flag.ts';
import { readDeployJob, runDeployJob } from './run-deploy.ts';

export const planCommand: Command = {
  usage: [
    'plan --service NAME [--cluster NAME] --image NAME@sha256:DIGEST [--json] [OPTIONS]',
    'plan --service NAME [--cluster NAME] --repository NAME [--json] [OPTIONS]',
  ],
  description: [
    'Shows what deploy would do with the same options: the current state, the changes of the task definition, and the steps of the rollout; or all problems, each with its fix. It reads from AWS, and builds and changes nothing.',
  ],
  options: { Output: jsonOption, ...optionsOf(deployInputs) },
  exitCodes: {
    0: 'The release can be deployed, or already serves.',
    [FAILED]: 'The release cannot be deployed: the problems are listed.',
    [MISUSED]: 'The options are wrong.',
  },
  async run(args, context) {
    const { json, others } = withoutJsonFlag(args);
    const request = await readDeployJob(others, context);
    const trail = createTrail({ clock: context.clock, file: null, masked: request.masks.masked });
    const print = (line: string) => {
      if (!json) context.print(line);
    };
    // A dry run is short, so it has no live screen.
    await runDeployJob({ ...request, dryRun: true }, trail, { ...context, print, terminal: null });
    const told = planOf(trail.events);
    if (json) context.print(asJson(told));
    return told.possible ? 0 : FAILED;
  },
};
