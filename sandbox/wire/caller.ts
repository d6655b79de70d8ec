import { MINUTE } from '../../src/core/time/clock.ts';
import type { AwsError, Caller } from './service.ts';
import type { WireRequest } from './message.ts';
import type { Model } from './model.ts';
import { expiredToken, skewedSignature, unsigned } from './refusals.ts';

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

/** AWS accepts a signature for five minutes, both ways. */
const VALID_FOR = 5 * MINUTE;

/** Null: it was signed now, or not in a header. */
export function signedAtAnotherTime(request: WireRequest, model: Model, now: number): AwsError | null {
  const text = request.headers['x-amz-date'];
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '') ?? [];
  if (text === undefined || parts.length === 0) return null;
  const [year, month, day, hour, minute, second] = parts.map(Number);
  const signed = Date.UTC(year!, month! - 1, day, hour, minute, second);
  if (Math.abs(now - signed) <= VALID_FOR) return null;
  return skewedSignature(model, { text, isLate: signed < now, now });
}

/** A token says who calls these, and there are no keys yet. */
const UNSIGNED = new Set(['AssumeRoleWithWebIdentity']);

export function isUnsigned(operation: string): boolean {
  return UNSIGNED.has(operation);
}

export const anonymous = (account: string): Caller => ({ account, region: 'us-east-1', accessKeyId: '' });
