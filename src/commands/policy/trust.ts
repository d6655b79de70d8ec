import type { PolicyDocument } from './document.ts';
import { oneOrAll } from './statements.ts';

export interface Trusted {
  readonly partition: string;
  /** The account of the role: 12 digits. */
  readonly account: string;
  /** `OWNER/NAME`, as in the subject of the repository's tokens. */
  readonly repository: string;
  /** Branches of jobs without an environment. */
  readonly branches: readonly string[];
  /** GitHub environments of jobs. */
  readonly environments: readonly string[];
  /** Jobs of pull requests from branches of the repository. */
  readonly pullRequests?: boolean;
  /** The host of GitHub's token service, with its path. Default: that of github.com. */
  readonly issuer?: string;
}

/** The token service of github.com. */
export const GITHUB_ISSUER = 'token.actions.githubusercontent.com';

/** Allows jobs of a GitHub repository on these branches, in these environments or of pull requests. Pure. */
export function trustPolicy({
  partition,
  account,
  repository,
  branches,
  environments,
  pullRequests = false,
  issuer = GITHUB_ISSUER,
}: Trusted): PolicyDocument {
  const subjects = [
    ...branches.map((branch) => `repo:${repository}:ref:refs/heads/${branch}`),
    ...environments.map((environment) => `repo:${repository}:environment:${environment}`),
    ...(pullRequests ? [`repo:${repository}:pull_request`] : []),
  ];
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:${partition}:iam::${account}:oidc-provider/${issuer}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            [`${issuer}:aud`]: partition === 'aws-cn' ? 'sts.amazonaws.com.cn' : 'sts.amazonaws.com',
            [`${issuer}:sub`]: oneOrAll(subjects),
          },
        },
      },
    ],
  };
}
