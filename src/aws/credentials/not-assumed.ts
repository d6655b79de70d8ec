import { hasCode, failureInWords, failureKind, oneLine } from '../errors.ts';
import type { Environment } from '../../core/environment.ts';
import { audienceOf, issuerOf, subjectOf } from './github-token.ts';
import type { RoleToAssume } from './role-to-assume.ts';
import type { Secret } from '../../core/secrecy/secret.ts';
import { errorText, UserError } from '../../core/failure.ts';

interface Attempt extends RoleToAssume {
  /** GitHub's token; `null` when the credentials of the environment were used. */
  readonly token: Secret | null;
  readonly env: Environment;
}

/** Explains why the role could not be assumed, with the fix. AWS does not name the reason. */
export function notAssumed(error: unknown, attempt: Attempt): UserError {
  const { token } = attempt;
  const words = token === null ? withCredentials(error, attempt) : withToken(error, { ...attempt, token });
  return new UserError(words, { cause: error });
}

function withToken(error: unknown, { role, token, env }: Attempt & { readonly token: Secret }): string {
  const audience = audienceOf(role);
  const said = `AWS says: ${oneLine(errorText(error))}`;
  if (failureKind(error) === 'denied') {
    const chained = env['AWS_ACCESS_KEY_ID']
      ? ' (To assume it with the credentials of the environment instead, set role-chaining: true.)'
      : '';
    return `role-to-assume: AWS does not allow this job to assume ${role}: the role does not exist, or its trust policy does not allow sts:AssumeRoleWithWebIdentity for ${subjectInWords(token, env)} with the audience ${audience}.${chained} ${said}`;
  }
  if (hasCode(error, 'InvalidIdentityToken', 'InvalidIdentityTokenException')) {
    return `role-to-assume: the account of ${role} does not accept GitHub's tokens: it requires an OIDC identity provider for ${issuerOf(token)} with the audience ${audience} (aws iam create-open-id-connect-provider). ${said}`;
  }
  return failureInWords(error, { action: 'sts:AssumeRoleWithWebIdentity', on: role });
}

/**
 * Read from the token, because the subject depends on the job's environment and on the
 * organization's settings.
 */
function subjectInWords(token: Secret, env: Environment): string {
  const subject = subjectOf(token);
  if (subject !== null) return `the subject "${subject}"`;
  const repository = `repo:${env['GITHUB_REPOSITORY'] ?? 'OWNER/NAME'}`;
  return `the subject "${repository}:ref:${env['GITHUB_REF'] ?? 'REF'}", or "${repository}:environment:NAME" for a job with an environment,`;
}

function withCredentials(error: unknown, { role, chaining, env }: Attempt): string {
  const kind = failureKind(error);
  if (kind === 'denied') {
    return `role-to-assume: AWS does not allow the credentials of the environment to assume ${role}: the role does not exist, its trust policy does not allow them, or their own policy does not allow sts:AssumeRole on the role. AWS says: ${oneLine(error instanceof Error ? error.message : '')}`;
  }
  if (kind === 'no-credentials') {
    const onGitHub = env['GITHUB_ACTIONS'] && !chaining;
    return onGitHub
      ? `role-to-assume: this job cannot request a token from GitHub to assume ${role}, and there are no other credentials: give the job \`permissions: id-token: write\` (a pull request from a fork cannot have it).`
      : `role-to-assume: there are no AWS credentials in the environment, and they are required to assume ${role}.`;
  }
  return failureInWords(error, { action: 'sts:AssumeRole', on: role });
}
