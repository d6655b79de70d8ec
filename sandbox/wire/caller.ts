import { MINUTE } from '../../src/core/time/clock.ts';
import type { AwsError, Caller } from './service.ts';
import type { WireRequest } from './message.ts';
import type { Model } from './model.ts';
import { expiredToken, skewedSignature, unsigned } from './refusals.ts';

/**
 * The caller by the request's signature (in the header, or in the query string when presigned). The
 * signature itself is not checked: all keys are valid, except those of an expired session and key
 * ids that start with EXPIRED, for tests.
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

/** AWS accepts a signature whose time differs by up to five minutes. */
const VALID_FOR = 5 * MINUTE;

/** `null` when the time of the signature is valid, or not in a header. */
export function signedAtAnotherTime(request: WireRequest, model: Model, now: number): AwsError | null {
  const text = request.headers['x-amz-date'];
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '') ?? [];
  if (text === undefined || parts.length === 0) return null;
  const [year, month, day, hour, minute, second] = parts.map(Number);
  const signed = Date.UTC(year!, month! - 1, day, hour, minute, second);
  if (Math.abs(now - signed) <= VALID_FOR) return null;
  return skewedSignature(model, { text, isLate: signed < now, now });
}

/** Operations that identify the caller by a token, without keys. */
const UNSIGNED = new Set(['AssumeRoleWithWebIdentity']);

export function isUnsigned(operation: string): boolean {
  return UNSIGNED.has(operation);
}

export const anonymous = (account: string): Caller => ({ account, region: 'us-east-1', accessKeyId: '' });
