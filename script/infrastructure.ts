import { stringify } from 'yaml';
import { policyFor } from '../src/commands/policy/policy.ts';
import type { PolicyDocument } from '../src/commands/policy/document.ts';
import type { ServiceNames } from '../src/commands/policy/names.ts';
import { trustPolicy } from '../src/commands/policy/trust.ts';
import type { Use } from '../src/commands/policy/needs.ts';

/** The commands that the role of examples/infrastructure allows. */
const USES: readonly Use[] = ['deploy', 'rollback', 'reconcile', 'status', 'history'];

/**
 * The policies of an example, with references to values that are known only when the example is
 * deployed.
 */
interface Example {
  readonly policy: PolicyDocument;
  readonly trust: PolicyDocument;
}

function exampleOf(
  names: ServiceNames,
  github: { readonly repository: string; readonly environment: string },
): Example {
  const { partition, account } = names;
  return {
    policy: policyFor(USES, [names]),
    trust: trustPolicy({
      partition,
      account,
      repository: github.repository,
      branches: [],
      environments: [github.environment],
    }),
  };
}

export const CLOUDFORMATION = exampleOf(
  {
    partition: '${AWS::Partition}',
    region: '${AWS::Region}',
    account: '${AWS::AccountId}',
    cluster: '${ClusterName}',
    service: '${ServiceName}',
    family: '${ClusterName}-${ServiceName}',
    repository: { name: '${ClusterName}/${ServiceName}', builds: true },
    logGroups: ['/${ClusterName}/${ServiceName}'],
    taskRoles: ['${ExecutionRole.Arn}', '${TaskRole.Arn}'],
    infrastructureRole: '${InfrastructureRole.Arn}',
    rolling: false,
    privileged: false,
    subnets: [],
    alarms: true,
  },
  { repository: '${GithubRepository}', environment: '${GithubEnvironment}' },
);

export const TERRAFORM = exampleOf(
  {
    partition: '${local.partition}',
    region: '${local.region}',
    account: '${local.account}',
    cluster: '${var.cluster_name}',
    service: '${var.service_name}',
    family: '${local.name}',
    repository: { name: '${var.cluster_name}/${var.service_name}', builds: true },
    logGroups: ['/${var.cluster_name}/${var.service_name}'],
    taskRoles: ['${aws_iam_role.execution.arn}', '${aws_iam_role.task.arn}'],
    infrastructureRole: '${aws_iam_role.infrastructure.arn}',
    rolling: false,
    privileged: false,
    subnets: [],
    alarms: true,
  },
  { repository: '${var.github_repository}', environment: '${var.github_environment}' },
);

/** The example's text with regenerated policies. */
export function cloudFormation(text: string, withPart: WithPart): string {
  const page = withPart(text, 'trust', yaml(CLOUDFORMATION.trust, 8));
  return withPart(page, 'policy', yaml(CLOUDFORMATION.policy, 12));
}

export function terraform(text: string, withPart: WithPart): string {
  const page = withPart(text, 'trust', heredoc('assume_role_policy', TERRAFORM.trust));
  return withPart(page, 'policy', heredoc('policy', TERRAFORM.policy));
}

type WithPart = (text: string, name: string, part: string) => string;

const indented = (text: string, by: number): string => text.replaceAll(/^(?=.)/gm, ' '.repeat(by));

const yaml = (document: PolicyDocument, indentation: number) =>
  indented(
    stringify(document, { lineWidth: 0, singleQuote: true, version: '1.1' })
      .replaceAll(/: '?([^\n']*\$\{[^\n']*?)'?$/gm, ': !Sub $1')
      .replaceAll(/- '?([^\n']*\$\{[^\n']*?)'?$/gm, '- !Sub $1'),
    indentation,
  );

const heredoc = (argument: string, document: PolicyDocument) =>
  `  ${argument} = <<-JSON\n${indented(`${JSON.stringify(document, null, 2)}\n`, 4)}  JSON\n`;
