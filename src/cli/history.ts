import { ecsName } from '../inputs/types/text.ts';
import { accessOf } from '../inputs/assemble.ts';
import { InvalidInputs, inputIssue } from '../inputs/issue.ts';
import type { Command } from './command.ts';
import { FAILED, MISUSED } from './exit-codes.ts';
import { asJson } from './json.ts';
import { jsonOption } from './json-flag.ts';
import { readCommandLine, type Options } from './options.ts';
import { wholeNumber } from '../inputs/types/whole-number.ts';
import { awsInputs } from '../inputs/definitions.ts';

const options = {
  service: {
    value: 'NAME',
    description: 'Name of the ECS service. Required.',
    type: ecsName('an ECS service'),
  },
  cluster: {
    value: 'NAME',
    description: 'Name of the ECS cluster.',
    type: ecsName('an ECS cluster'),
    default: 'default',
  },
  most: {
    value: 'NUMBER',
    description: 'How many deployments to list, newest first.',
    type: wholeNumber({ from: 1, to: 1_000 }),
    default: '20',
  },
  'aws-region': {
    value: 'NAME',
    description: awsInputs['aws-region'].description,
    type: awsInputs['aws-region'].type,
  },
} as const satisfies Options;

export const historyCommand: Command = {
  usage: ['history --service NAME [--cluster NAME] [--most NUMBER] [--json]'],
  description: [
    'Lists the deployments of a service that ECS keeps for 90 days, including those that ecs-ramp did not start: time, old and new release (commit, author, image), result, reason and duration. Changes nothing.',
  ],
  options: { Options: options, Output: jsonOption },
  exitCodes: {
    0: 'The deployments were listed.',
    [FAILED]: 'AWS refused, or does not know the service.',
    [MISUSED]: 'The command line is wrong.',
  },
  async run(args, context) {
    const { values, positionals, issues } = readCommandLine({ ...options, ...jsonOption }, args);
    const wrong = [...issues];
    for (const each of positionals) {
      wrong.push(
        inputIssue(each, {
          problem: 'it does not belong to an option',
          fix: 'remove it, or write its option before it',
        }),
      );
    }
    const { service, cluster, most } = values;
    if (service === null)
      wrong.push(inputIssue('--service', { problem: 'it is missing', fix: 'name the service' }));
    if (wrong.length > 0 || service === null) throw new InvalidInputs(wrong);
    const [{ readDeploymentHistory: readHistory }, { deploymentInWords }, { readReleases }, { findService }] =
      await Promise.all([
        import('../commands/history/history.ts'),
        import('../commands/history/messages.ts'),
        import('../aws/ecs/releases.ts'),
        import('../aws/ecs/find-service.ts'),
      ]);
    const clients = context.connect(accessOf({ values, environment: context.env }));
    const ecs = await clients.ecs();
    await findService(ecs, { service, cluster });
    const deployments = await readHistory(ecs, { cluster, name: service }, most);
    const releases = await readReleases(
      ecs,
      deployments.flatMap(({ from, to }) => [from, to].flatMap((each) => each?.taskDefinitionArn ?? [])),
    );
    if (values.json) {
      context.print(
        asJson({
          deployments: deployments.map(({ from, to, ...deployment }) => ({
            ...deployment,
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
