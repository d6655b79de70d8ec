import { errorText, UserError } from '../core/failure.ts';

/** Classifies AWS's errors by their codes (never by their messages) and words them for people. */

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

/** STS could not reach the identity provider: temporary, although the error has a client status. */
const PASSING = new Set(['IDPCommunicationError', 'IDPCommunicationErrorException']);

interface ServiceError {
  readonly name: string;
  readonly message: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
  readonly $fault?: 'client' | 'server';
}

/** The kind of an SDK error, which decides whether a retry may succeed. */
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
  if (isServerError(error)) return 'passing';
  // No complete answer: a reset connection, a timeout, a name that does not resolve. An answer that
  // breaks off has a status already.
  const status = error.$metadata?.httpStatusCode;
  const refused = status !== undefined && status >= 300;
  if (!refused && error.$fault === undefined && isNetworkError(error)) return 'passing';
  return 'refused';
}

/** Whether the same call may succeed later without any change. */
export function mayPass(error: unknown): boolean {
  const kind = failureKind(error);
  return kind === 'throttled' || kind === 'passing';
}

/**
 * Whether AWS answered that it cannot do the call now. Other runs then get the same answer, unlike
 * after a lost connection.
 */
export function isTroubleOfAws(error: unknown): boolean {
  const cause = causeOf(error);
  return failureKind(cause) === 'throttled' || (isError(cause) && isServerError(cause));
}

/**
 * Whether AWS refused the call, so that it had no effect. After a lost answer, or one that is not
 * from AWS, the effect is unknown.
 */
export function isRefusal(error: unknown): boolean {
  if (error instanceof UserError) return isRefusal(error.cause);
  if (!isError(error)) return false;
  const status = error.$metadata?.httpStatusCode;
  return error.$fault === 'client' || (status !== undefined && status >= 400 && status < 500);
}

/**
 * Whether AWS refused a call at the first attempt. A later attempt may be refused because an earlier
 * one, whose answer was lost, took effect.
 */
export function isFirstRefusal(error: unknown): boolean {
  const cause = causeOf(error);
  return isRefusal(cause) && isError(cause) && (cause.$metadata?.attempts ?? 1) === 1;
}

/** The SDK's error that caused a UserError. */
export function causeOf(error: unknown): unknown {
  return error instanceof UserError ? error.cause : error;
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  if (error instanceof UserError) return hasCode(error.cause, ...codes);
  return isError(error) && codes.includes(error.name);
}

/** A failed call to AWS. */
export interface FailedCall {
  /** The IAM action: `ecs:UpdateService`. */
  readonly action: string;
  /** The resource: `service web`. */
  readonly on: string;
}

/** One line that explains the error to the user. */
export function failureInWords(error: unknown, { action, on }: FailedCall): string {
  const message = oneLine(errorText(error));
  switch (failureKind(error)) {
    case 'denied':
      return `AWS denied ${action} on ${on}: allow ${action} in the policy of the role that this job uses. AWS says: ${message}`;
    case 'expired':
      return `AWS did not accept the credentials for ${action}: they have expired or are not valid (${codeOf(error)}). Log in again (for example with aws sso login). In a workflow, run configure-aws-credentials just before this step, with a session that is longer than the rollout (role-duration-seconds); or set role-to-assume so that ecs-ramp renews the session itself.`;
    case 'no-credentials':
      return `There are no AWS credentials: log in, and set AWS_PROFILE if needed. In a workflow, set role-to-assume, or run aws-actions/configure-aws-credentials before this step, with \`permissions: id-token: write\` for OIDC. (${message})`;
    case 'throttled':
      return `AWS throttled ${action} on ${on} and continued to do so after several retries: this account makes too many calls at once. Run the job again.`;
    case 'passing':
      return `AWS did not answer ${action} on ${on} correctly (${codeOf(error)}: ${message}).`;
    case 'refused':
      return `AWS refused ${action} on ${on}: ${message} (${codeOf(error)})`;
  }
}

/** Returns a value that every answer must contain. Throws UserError when it is missing. */
export function present<T>(value: T | null | undefined, member: string): T {
  if (value !== null && value !== undefined && value !== '') return value;
  throw new UserError(`AWS answered without ${member}, which every answer must contain: run the job again.`);
}

function codeOf(error: unknown): string {
  return isError(error) ? error.name : 'unknown error';
}

function isError(error: unknown): error is ServiceError {
  return error instanceof Error;
}

function isServerError({ $fault, $metadata }: ServiceError): boolean {
  return $fault === 'server' || ($metadata?.httpStatusCode ?? 0) >= 500;
}

function isNetworkError(error: ServiceError): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return /^(E[A-Z]+|ERR_)/.test(code) || error.name === 'TimeoutError' || error.name === 'AggregateError';
}

/** Replaces line breaks, which messages of AWS may contain, by spaces. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
