import { errorText, UserError } from '../core/failure.ts';

/** AWS's errors, told apart by their codes (never by message texts) and told as a person would. */

const EXPIRED = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
]);
const DENIED = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'NotAuthorized']);
const THROTTLED = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
]);

/** STS could not reach the identity provider: no refusal, though it looks like one. */
const PASSING = new Set(['IDPCommunicationError', 'IDPCommunicationErrorException']);

interface ServiceError {
  readonly name: string;
  readonly message: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $fault?: 'client' | 'server';
}

/** What kind of failure an error of the SDK is: decides whether waiting helps. */
export function failureKind(
  error: unknown,
): 'denied' | 'expired' | 'no-credentials' | 'throttled' | 'passing' | 'refused' {
  if (error instanceof UserError) return failureKind(error.cause);
  if (!isError(error)) return 'refused';
  if (error.name === 'CredentialsProviderError' || error.name === 'TokenProviderError')
    return 'no-credentials';
  if (DENIED.has(error.name)) return 'denied';
  if (EXPIRED.has(error.name)) return 'expired';
  if (THROTTLED.has(error.name)) return 'throttled';
  if (PASSING.has(error.name)) return 'passing';
  const status = error.$metadata?.httpStatusCode;
  // No answer at all (a reset connection, a timeout, a name that does not resolve), or a fault on AWS's side.
  if (error.$fault === 'server' || (status !== undefined && status >= 500)) return 'passing';
  // One that breaks off in the middle has a status already.
  const refused = status !== undefined && status >= 300;
  if (!refused && error.$fault === undefined && isNetworkError(error)) return 'passing';
  return 'refused';
}

/** Whether the same call may succeed later without anybody doing anything. */
export function mayPass(error: unknown): boolean {
  const kind = failureKind(error);
  return kind === 'throttled' || kind === 'passing';
}

/** Whether AWS itself said no: then the call had no effect. An answer that was lost, or is not AWS's, says nothing. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof UserError) return isRefusal(error.cause);
  if (!isError(error)) return false;
  const status = error.$metadata?.httpStatusCode;
  return error.$fault === 'client' || (status !== undefined && status >= 400 && status < 500);
}

/** The SDK's error behind one in words. */
export function causeOf(error: unknown): unknown {
  return error instanceof UserError ? error.cause : error;
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  if (error instanceof UserError) return hasCode(error.cause, ...codes);
  return isError(error) && codes.includes(error.name);
}

/** A call of AWS that failed: `ecs:UpdateService`, and what it was for. */
export interface FailedCall {
  /** The IAM action that was tried. */
  readonly action: string;
  /** What it was tried on, in words. */
  readonly on: string;
}

/** One line for a person. */
export function failureInWords(error: unknown, { action, on }: FailedCall): string {
  const message = oneLine(errorText(error));
  switch (failureKind(error)) {
    case 'denied':
      return `AWS denied ${action} on ${on}: allow ${action} in the policy of the role that this job uses. AWS says: ${message}`;
    case 'expired':
      return `AWS did not accept the credentials for ${action}: they have expired or are not valid (${codeOf(error)}). Run configure-aws-credentials just before this step, and give its role a session that outlasts the rollout (role-duration-seconds); or give role-to-assume, and ecs-ramp renews the session itself.`;
    case 'no-credentials':
      return `There are no AWS credentials: give role-to-assume, or run aws-actions/configure-aws-credentials before this step, with \`permissions: id-token: write\` for OIDC. (${message})`;
    case 'throttled':
      return `AWS throttled ${action} on ${on} and went on doing so after several tries: too many calls from this account at once. Run the job again.`;
    case 'passing':
      return `${action} on ${on} got no proper answer from AWS (${codeOf(error)}: ${message}).`;
    case 'refused':
      return `AWS refused ${action} on ${on}: ${message} (${codeOf(error)})`;
  }
}

/** What every answer has, and a garbled one lacks. Throws UserError. */
export function present<T>(value: T | null | undefined, member: string): T {
  if (value !== null && value !== undefined && value !== '') return value;
  throw new UserError(`AWS answered without ${member}, which every answer has: run the job again.`);
}

function codeOf(error: unknown): string {
  return isError(error) ? error.name : 'unknown error';
}

function isError(error: unknown): error is ServiceError {
  return error instanceof Error;
}

function isNetworkError(error: ServiceError): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return /^(E[A-Z]+|ERR_)/.test(code) || error.name === 'TimeoutError' || error.name === 'AggregateError';
}

/** A message of AWS's, which may have line breaks in it. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
