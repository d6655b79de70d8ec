import type { AwsError, Caller } from './service.ts';
import type { WireRequest } from './message.ts';
import { expiredToken, unsigned } from './refusals.ts';

/**
 * Who calls, from the request's signature (in the header, or in the query string when presigned). The signature itself is not
 * checked: any keys will do, but not those of a session that has ended, nor a key id that begins with EXPIRED, to try out what that
 * looks like.
 */
export function callerOf(
  request: WireRequest,
  account: string,
  hasEnded: (accessKeyId: string) => boolean,
): Caller | AwsError {
  const header = /\bCredential=([^,\s]+)/.exec(request.headers['authorization'] ?? '')?.[1];
  const credential = header ?? request.query.get('X-Amz-Credential');
  const [accessKeyId, , region] = credential?.split('/') ?? [];
  if (accessKeyId === undefined || region === undefined) return unsigned();
  if (accessKeyId.startsWith('EXPIRED') || hasEnded(accessKeyId)) return expiredToken();
  return { account, region, accessKeyId };
}

/** A token says who calls these, and there are no keys yet. */
const UNSIGNED = new Set(['AssumeRoleWithWebIdentity']);

export function isUnsigned(operation: string): boolean {
  return UNSIGNED.has(operation);
}

export const anonymous = (account: string): Caller => ({ account, region: 'us-east-1', accessKeyId: '' });
