import { plainText } from '../../core/plain-text.ts';
import { MINUTE, SECOND } from '../../core/time/clock.ts';
import { errorText } from '../../core/failure.ts';

/** Why a call failed. */
export interface Trouble {
  /** `false` if the same call may succeed later. */
  readonly final: boolean;
  /** The answer indicates a missing permission. */
  readonly forbidden: boolean;
  /** Milliseconds since 1970 before which GitHub accepts no call; `null` if unknown. */
  readonly notBefore: number | null;
  readonly inWords: string;
}

/** Octokit errors have the HTTP status; an error without one counts as 500. */
export function troubleOf(error: unknown, now: number): Trouble {
  const status = numberIn(error, 'status') ?? 500;
  const headers = memberOf(memberOf(error, 'response'), 'headers');
  const said = errorText(error);
  const message = plainText(said.replace(/ - https?:\/\/\S+$/, ''), 200);
  const limited = status === 429 || (status === 403 && isLimit(headers, message));
  const passing = limited || status >= 500;
  return {
    final: !passing,
    forbidden: !passing && (status === 403 || status === 404),
    notBefore: limited ? endOfLimit(headers, now) : null,
    inWords: status === 500 ? message : `${status}: ${message}`,
  };
}

function isLimit(headers: unknown, message: string): boolean {
  return (
    numberIn(headers, 'retry-after') !== null ||
    numberIn(headers, 'x-ratelimit-remaining') === 0 ||
    /rate limit/i.test(message)
  );
}

/** One minute if GitHub does not report the end, as its documentation recommends. */
function endOfLimit(headers: unknown, now: number): number {
  const after = numberIn(headers, 'retry-after');
  if (after !== null) return now + after * SECOND;
  const reset =
    numberIn(headers, 'x-ratelimit-remaining') === 0 ? numberIn(headers, 'x-ratelimit-reset') : null;
  return reset === null ? now + MINUTE : reset * SECOND;
}

function numberIn(value: unknown, name: string): number | null {
  const member = memberOf(value, name);
  const number = typeof member === 'string' && member !== '' ? Number(member) : member;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
