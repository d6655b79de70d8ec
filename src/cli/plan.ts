import { planOf } from '../report/plan.ts';
import { createTrail } from '../core/trail/trail.ts';
import { optionsOf } from './action-options.ts';
import type { Command } from './command.ts';
import { deployInputs } from './deploy-inputs.ts';
import { FAILED, MISUSED } from './exit-codes.ts';
import { asJson } from './json.ts';
import type { Options } from './options.ts';
import { readDeployJob, runDeployJob } from './run-deploy.ts';

const own = {
  json: { description: 'Print one JSON object, instead of lines for people.' },
} as const satisfies Options;

export const planCommand: Command = {
  usage: [
    'plan --service NAME [--cluster NAME] --image NAME@sha256:DIGEST [--json] [OPTIONS]',
    'plan --service NAME [--cluster NAME] --repository NAME [--json] [OPTIONS]',
  ],
  description: [
    'Says what deploy would do with the same options: what it found, what changes in the task definition, and by which steps the release would travel; or all that is in its way, each with its fix. It reads AWS, builds nothing and changes nothing.',
  ],
  options: { Output: own, ...optionsOf(deployInputs) },
  exitCodes: {
    0: 'It could be deployed, or serves already.',
    [FAILED]: 'It could not be deployed: what is in the way is told.',
    [MISUSED]: 'The options are wrong.',
  },
  async run(args, context) {
    const json = args.includes('--json');
    const request = await readDeployJob(
      args.filter((arg) => arg !== '--json'),
      context,
    );
    const trail = createTrail({ clock: context.clock, file: null });
    const print = (line: string) => {
      if (!json) context.print(line);
    };
    // Done in a moment: there is nothing to watch.
    await runDeployJob({ ...request, dryRun: true }, trail, { ...context, print, terminal: null });
    const told = planOf(trail.events);
    if (json) context.print(asJson(told));
    return told.possible ? 0 : FAILED;
  },
};
