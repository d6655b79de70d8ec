import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { defineAction } from '../inputs/action.ts';
import { accessOf } from '../inputs/assemble.ts';
import { awsInputs, releaseInputs } from '../inputs/definitions.ts';
import { InvalidInputs, inputIssue } from '../inputs/issue.ts';
import { booleanInput } from '../inputs/types/text.ts';
import { inputsFromOptions, optionsOf } from './action-options.ts';
import type { Command } from './command.ts';
import { FAILED, MISUSED } from './exit-codes.ts';

const initInputs = defineAction({
  title: 'ecs-ramp init',
  description: 'Writes a first ecs-ramp.yml and workflow for a service that exists.',
  folder: 'init',
  inputs: {
    Service: {
      service: {
        ...releaseInputs.service,
        description: 'Name of the ECS service. Required.',
        required: 'name a service that exists',
      },
      cluster: releaseInputs.cluster,
      force: {
        description: 'Overwrite files that exist. true or false. Default: false.',
        type: booleanInput,
        default: 'false',
      },
    },
    AWS: awsInputs,
  },
  outputs: {},
});

const CONFIG = 'ecs-ramp.yml';
const WORKFLOW = '.github/workflows/deploy.yml';

export const initCommand: Command = {
  usage: ['init --service NAME [--cluster NAME] [--force]'],
  description: [
    `Reads a service that exists and writes a first ${CONFIG} and ${WORKFLOW} into the current folder, the root of the repository. Prints what it could not read, and what to do next. Changes nothing in AWS.`,
  ],
  options: optionsOf(initInputs),
  exitCodes: {
    0: 'The files were written.',
    [FAILED]: 'AWS refused, or does not know the service.',
    [MISUSED]: 'The command line is wrong, or a file exists.',
  },
  async run(args, context) {
    const parsed = await inputsFromOptions(initInputs, args, context);
    const { service: name, cluster, force } = parsed.values;
    const { region } = accessOf(parsed);
    const existing = [CONFIG, WORKFLOW].filter((file) => existsSync(join(context.cwd, file)));
    const issues = [
      ...(region === null
        ? [
            inputIssue('--aws-region', {
              problem: 'no AWS region is set',
              fix: 'set AWS_REGION, or give --aws-region',
            }),
          ]
        : []),
      ...(force ? [] : existing).map((file) =>
        inputIssue(file, { problem: 'it exists', fix: 'use --force to overwrite it' }),
      ),
    ];
    if (region === null || issues.length > 0) throw new InvalidInputs(issues);
    const [{ initFiles }, { findService }, { describeTaskDefinition }, { VERSION }] = await Promise.all([
      import('../commands/init/init.ts'),
      import('../aws/ecs/find-service.ts'),
      import('../aws/ecs/releases.ts'),
      import('../commands/run/version.ts'),
    ]);
    const ecs = await context.connect(accessOf(parsed)).ecs();
    const service = await findService(ecs, { service: name, cluster });
    const described = await describeTaskDefinition(ecs, service.taskDefinition ?? '');
    const folders = ['.', name];
    const files = initFiles({
      service,
      taskDefinition: described?.taskDefinition ?? {},
      cluster,
      region,
      context: folders.find((folder) => existsSync(join(context.cwd, folder, 'Dockerfile'))) ?? null,
      branch: parsed.environment['GITHUB_REF_NAME'] ?? null,
      version: VERSION,
    });
    await write(context.cwd, CONFIG, files.config);
    await write(context.cwd, WORKFLOW, files.workflow);
    context.print(
      [
        `Written: ${CONFIG} and ${WORKFLOW}.`,
        ...(files.unknown.length > 0 ? ['', 'Could not be read from the service:'] : []),
        ...files.unknown.map((each) => `- ${each}`),
        '',
        'Next:',
        `1. npx ecs-ramp validate`,
        `2. npx ecs-ramp policy --config ${CONFIG} --from-aws prints the policy of the role, and npx ecs-ramp policy --trust its trust policy. Create the role.`,
        `3. gh variable set AWS_DEPLOY_ROLE --body ARN_OF_THE_ROLE`,
        `4. Commit both files and push.`,
      ].join('\n'),
    );
    return 0;
  },
};

async function write(folder: string, file: string, content: string): Promise<void> {
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
