import {
  accountOption,
  environmentName,
  githubRepository,
  namesOptions,
  tokenIssuer,
} from './policy-options.ts';
import { InvalidInputs, inputIssue, type Issue } from '../inputs/issue.ts';
import { list } from '../inputs/types/list.ts';
import { choice } from '../inputs/types/text.ts';
import { partitionOf } from '../commands/policy/names.ts';
import { policyFor } from '../commands/policy/policy.ts';
import { GITHUB_ISSUER, trustPolicy } from '../commands/policy/trust.ts';
import { USES } from '../commands/policy/needs.ts';
import type { Command, CliContext } from './command.ts';
import { FAILED, MISUSED } from './exit-codes.ts';
import { asJson } from './json.ts';
import { type Options, readCommandLine, type OptionValues } from './options.ts';
import { readPolicyNames } from './policy-names.ts';

const purpose = {
  for: {
    value: 'USE,...',
    description: `Uses of the role: ${USES.join(', ')}.`,
    type: list(choice(...USES), { allowed: USES.join(', ') }),
    default: 'deploy',
  },
} as const satisfies Options;

const trust = {
  trust: {
    description: 'Print the trust policy for GitHub Actions jobs instead.',
  },
  github: {
    value: 'OWNER/NAME',
    description:
      'Repository as in the subject of its OIDC tokens. A repository that was created, renamed or moved since the summer of 2026 has numbers in it (gh api repos/OWNER/NAME/actions/oidc/customization/sub).',
    type: githubRepository,
  },
  branch: {
    value: 'NAME,...',
    description: 'Branches whose jobs may assume the role if they have no environment.',
    type: list(environmentName('a branch'), { allowed: 'names of branches' }),
  },
  'pull-requests': {
    description: 'A role for the plans of pull requests, instead of --branch and --environment.',
  },
  issuer: {
    value: 'HOST',
    description: `Token service, for a GitHub Enterprise Server HOST/_services/token. Default: ${GITHUB_ISSUER}.`,
    type: tokenIssuer,
  },
} as const satisfies Options;

const options = { ...purpose, ...namesOptions, ...trust } as const satisfies Options;

export type PolicyValues = OptionValues<typeof options>;

export const policyCommand: Command = {
  usage: [
    'policy --service NAME --cluster NAME --from-aws [--repository NAME] [--for USE,...]',
    'policy --config FILE [--service NAME] [--environment NAME] [--from-aws] [--for USE,...]',
    'policy --trust --account NUMBER --github OWNER/NAME [--branch NAME,...] [--environment NAME] [--issuer HOST]',
    'policy --trust --account NUMBER --github OWNER/NAME --pull-requests [--issuer HOST]',
  ],
  description: [
    'Prints an IAM policy with the minimum permissions. Give the names that the policy contains, or use --from-aws to read them from AWS (ecs:DescribeServices and ecs:DescribeTaskDefinition). An unknown name never becomes a * for everything.',
    'Changes nothing. The output can be passed to aws iam put-role-policy. docs/permissions.md explains each action and the effect of its absence.',
  ],
  options: { Use: purpose, Services: namesOptions, 'Trust policy': trust },
  exitCodes: {
    0: 'The policy was printed.',
    [FAILED]: 'AWS refused, or does not know the cluster or the service.',
    [MISUSED]: 'The command line or ecs-ramp.yml is wrong, or a required name is missing.',
  },
  async run(args, context) {
    const { values, given, positionals, issues } = readCommandLine(options, args);
    const stray = positionals.map((each) =>
      inputIssue(each, {
        problem: 'it does not belong to an option',
        fix: 'remove it, or write its option before it',
      }),
    );
    const wrong = [...issues, ...stray];
    if (wrong.length > 0) throw new InvalidInputs(wrong);
    const document = values.trust
      ? trustAsked(values, context)
      : policyFor(values.for, await readPolicyNames(values, given, context));
    context.print(asJson(document));
    return 0;
  },
};

function trustAsked(values: PolicyValues, { env }: Pick<CliContext, 'env'>) {
  const { account, github, environment, issuer } = values;
  const pullRequests = values['pull-requests'];
  const branches = values.branch ?? [];
  const region = values['aws-region'] ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? '';
  const wrong: Issue[] = [];
  const missing = (name: string, fix: string) =>
    wrong.push(inputIssue(name, { problem: 'it is missing', fix }));
  if (account === null) missing('--account', `give ${accountOption}`);
  if (github === null) missing('--github', 'give the repository whose jobs assume the role, as OWNER/NAME');
  const isForJobs = branches.length > 0 || environment !== null;
  if (pullRequests && isForJobs) {
    wrong.push(
      inputIssue('--pull-requests', {
        problem: 'everybody who can open a pull request could use the role for deployments',
        fix: 'print two trust policies, for two roles',
      }),
    );
  }
  if (!isForJobs && !pullRequests) {
    missing('--branch', 'name the branch, or the environment of the job with --environment');
  }
  if (account === null || github === null || wrong.length > 0) throw new InvalidInputs(wrong);
  return trustPolicy({
    partition: partitionOf(region),
    account,
    repository: github,
    branches,
    environments: environment === null ? [] : [environment],
    pullRequests,
    ...(issuer != null && { issuer }),
  });
}
