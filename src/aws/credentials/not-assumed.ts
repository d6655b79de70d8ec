import { hasCode, failureInWords, failureKind, oneLine } from '../errors.ts';
import type { Environment } from '../../core/environment.ts';
import { audienceOf, subjectOf } from './github-token.ts';
import type { RoleToAssume } from './role-to-assume.ts';
import { errorText, UserError } from '../../core/failure.ts';

interface Attempt extends RoleToAssume {
  /** GitHub's; null: credentials of the environment were tried. */
  readonly token: string | null;
  readonly env: Environment;
}

/** Why the role could not be assumed, with the fix. AWS itself says less than it knows, for safety's sake. */
export function notAssumed(error: unknown, attempt: Attempt): UserError {
  const words = attempt.token === null ? withCredentials(error, attempt) : withToken(error, attempt);
  return new UserError(words, { cause: error });
}

function withToken(error: unknown, { role, token, env }: Attempt): string {
  const audience = audienceOf(role);
  const said = `AWS says: ${oneLine(errorText(error))}`;
  if (failureKind(error) === 'denied') {
    const chained = env['AWS_ACCESS_KEY_ID']
      ? ' (To assume it with the credentials of the environment instead, give role-chaining: true.)'
      : '';
    return `role-to-assume: AWS did not let this job assume ${role}: there is no such role, or its trust policy does not allow sts:AssumeRoleWithWebIdentity to ${subjectInWords(token, env)} with the audience ${audience}.${chained} ${said}`;
  }
  if (hasCode(error, 'InvalidIdentityToken', 'InvalidIdentityTokenException')) {
    return `role-to-assume: the account of ${role} does not take GitHub's tokens: it needs an OIDC identity provider for https://token.actions.githubusercontent.com with the audience ${audience} (aws iam create-open-id-connect-provider). ${said}`;
  }
  return failureInWords(error, { action: 'sts:AssumeRoleWithWebIdentity', on: role });
}

/** As the token itself has it: with an environment it is another than without, and an organization may have its own form. */
function subjectInWords(token: string | null, env: Environment): string {
  const subject = token === null ? null : subjectOf(token);
  if (subject !== null) return `the subject "${subject}"`;
  const repository = `repo:${env['GITHUB_REPOSITORY'] ?? 'OWNER/NAME'}`;
  return `the subject "${repository}:ref:${env['GITHUB_REF'] ?? 'REF'}", or "${repository}:environment:NAME" for a job with an environment,`;
}

function withCredentials(error: unknown, { role, chaining, env }: Attempt): string {
  const kind = failureKind(error);
  if (kind === 'denied') {
    return `role-to-assume: AWS did not let the credentials of the environment assume ${role}: there is no such role, its trust policy does not name them, or their own policy does not allow sts:AssumeRole on it. AWS says: ${oneLine(error instanceof Error ? error.message : '')}`;
  }
  if (kind === 'no-credentials') {
    const onGitHub = env['GITHUB_ACTIONS'] && !chaining;
    return onGitHub
      ? `role-to-assume: this job may not ask GitHub for a token to assume ${role} with, and there are no other credentials: give the job \`permissions: id-token: write\` (a pull request from a fork cannot have it).`
      : `role-to-assume: there are no AWS credentials in the environment to assume ${role} with.`;
  }
  return failureInWords(error, { action: 'sts:AssumeRole', on: role });
}
