import { defineAction } from '../inputs/action.ts';
import { accessOf } from '../inputs/assemble.ts';
import { awsInputs, configInputs, releaseInputs } from '../inputs/definitions.ts';
import { wholeNumber } from '../inputs/types/whole-number.ts';
import { inputsFromOptions, optionsOf } from './action-options.ts';
import type { Command } from './command.ts';
import { FAILED, MISUSED } from './exit-codes.ts';
import { asJson } from './json.ts';
import { jsonOption, withoutJsonFlag } from './json-flag.ts';

const historyInputs = defineAction({
  title: 'ecs-ramp history',
  description: 'Lists the deployments of a service.',
  folder: 'history',
  inputs: {
    Service: {
      service: {
        ...releaseInputs.service,
        description: 'Name of the ECS service. Required.',
        required: 'name the service',
      },
      cluster: releaseInputs.cluster,
      ...configInputs,
      most: {
        description: 'How many deployments to list, newest first, 1 to 1000. Default: 20.',
        type: wholeNumber({ from: 1, to: 1_000 }),
        default: '20',
      },
    },
    AWS: awsInputs,
  },
  outputs: {},
});

export const historyCommand: Command = {
  usage: ['history --service NAME [--cluster NAME] [--config FILE] [--most NUMBER] [--json]'],
  description: [
    'Lists the deployments of a service that ECS keeps for 90 days, including those that ecs-ramp did not start: time, old and new release (commit, author, image), result, reason and duration. Changes nothing.',
  ],
  options: { ...optionsOf(historyInputs), Output: jsonOption },
  exitCodes: {
    0: 'The deployments were listed.',
    [FAILED]: 'AWS refused, or does not know the service.',
    [MISUSED]: 'The command line is wrong.',
  },
  async run(args, context) {
    const { json, others } = withoutJsonFlag(args);
    const parsed = await inputsFromOptions(historyInputs, others, context);
    const { service, cluster, most } = parsed.values;
    const [
      { readDeploymentHistory: readHistory },
      { deploymentInWords, reasonOf },
      { readReleases },
      { findService },
    ] = await Promise.all([
      import('../commands/history/history.ts'),
      import('../commands/history/messages.ts'),
      import('../aws/ecs/releases.ts'),
      import('../aws/ecs/find-service.ts'),
    ]);
    const clients = context.connect(accessOf(parsed));
    const ecs = await clients.ecs();
    await findService(ecs, { service, cluster });
    const deployments = await readHistory(ecs, { cluster, name: service }, most);
    const releases = await readReleases(
      ecs,
      deployments.flatMap(({ from, to }) => [from, to].flatMap((each) => each?.taskDefinitionArn ?? [])),
    );
    if (json) {
      context.print(
        asJson({
          deployments: deployments.map(({ from, to, ...deployment }) => ({
            ...deployment,
            reason: reasonOf({ from, to, ...deployment }, releases),
            from: from && { ...from, ...releases.get(from.taskDefinitionArn) },
            to: to && { ...to, ...releases.get(to.taskDefinitionArn) },
          })),
        }),
      );
    } else {
      const lines = deployments.flatMap((each) => deploymentInWords(each, releases));
      context.print(lines.join('\n') || 'ECS has no deployments of this service.');
    }
    return 0;
  },
};
