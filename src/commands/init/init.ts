import type { Service, TaskDefinition } from '@aws-sdk/client-ecs';
import { isEcrHost } from '../../core/arn.ts';

/** What is known about a service and the folder of its repository. */
export interface InitFacts {
  readonly service: Service;
  readonly taskDefinition: TaskDefinition;
  readonly cluster: string;
  readonly region: string;
  /** The folder with the Dockerfile, relative to the root; `null` when none was found. */
  readonly context: string | null;
  /** `null` outside of a clone. */
  readonly branch: string | null;
  readonly version: string;
}

export interface InitFiles {
  /** The content of ecs-ramp.yml and of the workflow. */
  readonly config: string;
  readonly workflow: string;
  /** What could not be read from the service, each with what to do. */
  readonly unknown: readonly string[];
}

/** The first ecs-ramp.yml and workflow of a service that exists. Pure. */
export function initFiles(facts: InitFacts): InitFiles {
  const { service, taskDefinition, cluster, region, context } = facts;
  const name = service.serviceName!;
  const containers = taskDefinition.containerDefinitions ?? [];
  const balanced = service.loadBalancers?.[0];
  const container =
    containers.find((each) => each.name === balanced?.containerName) ??
    (containers.length === 1 ? containers[0] : undefined);
  const repository = repositoryOf(container?.image);
  const isRolling = balanced !== undefined && balanced.advancedConfiguration === undefined;
  const hasTestListener = balanced?.advancedConfiguration?.testListenerRule !== undefined;
  const settings = [
    `repository: ${quoted(repository ?? name)}`,
    `context: ${quoted(context ?? '.')}`,
    ...(containers.length > 1 && container ? [`container-name: ${quoted(container.name!)}`] : []),
    ...(isRolling ? ['strategy: rolling # canary needs a second target group'] : []),
    ...(hasTestListener ? ['smoke-test: /'] : []),
  ];
  return {
    config: [
      '# All settings: https://github.com/ecs-ramp/ecs-ramp/blob/main/docs/config.md',
      'defaults:',
      `  aws-region: ${region}`,
      `  cluster: ${quoted(cluster)}`,
      'services:',
      `  ${quoted(name)}:`,
      ...settings.map((setting) => `    ${setting}`),
      '',
    ].join('\n'),
    workflow: workflowOf(facts, name),
    unknown: [
      ...(repository === null
        ? [
            `The ECR repository: the image of the service is ${container?.image ?? 'not known'}. Correct \`repository\` in ecs-ramp.yml; create it with aws ecr create-repository if it does not exist.`,
          ]
        : []),
      ...(context === null ? ['The Dockerfile: there is none here. Correct `context` in ecs-ramp.yml.'] : []),
      ...(containers.length > 1 && container === undefined
        ? [
            `The container that gets the image: the task definition has ${containers.map((each) => each.name).join(', ')}. Add \`container-name\` to ecs-ramp.yml.`,
          ]
        : []),
      ...(isRolling
        ? [
            'A second target group: the service has only one, so ECS replaces its tasks in batches (strategy: rolling). For a canary, follow docs/setup.md, "A service that exists", and remove `strategy`.',
          ]
        : []),
    ],
  };
}

/** `shop/web` for an image in Amazon ECR. */
function repositoryOf(image: string | undefined): string | null {
  const [, host = '', path] = /^([^/]+)\/([^:@]+)/.exec(image ?? '') ?? [];
  return path !== undefined && isEcrHost(host) ? path : null;
}

function workflowOf({ branch, version }: InitFacts, service: string): string {
  return `name: deploy ${service}
on:
  push:
    branches: [${quoted(branch ?? 'main')}]

permissions: {}

# A rollout is never overtaken: the next one waits for it.
concurrency:
  group: deploy-${service}

jobs:
  deploy:
    runs-on: ubuntu-latest
    timeout-minutes: 240
    permissions:
      contents: read
      id-token: write # to assume the role without a stored key
    steps:
      - uses: actions/checkout@fbc6f3992d24b796d5a048ff273f7fcc4a7b6c09 # v5.1.0
        with:
          persist-credentials: false
      - uses: ecs-ramp/ecs-ramp@v${version}
        with:
          config: ecs-ramp.yml
          service: ${quoted(service)}
          role-to-assume: \${{ vars.AWS_DEPLOY_ROLE }}
`;
}

/** As YAML: quoted unless it is plain. */
function quoted(text: string): string {
  const isPlain = /^[A-Za-z.][\w./-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off)$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}
