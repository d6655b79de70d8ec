import { isDeepStrictEqual } from 'node:util';
import { HOUR, type Clock } from '../../src/core/time/clock.ts';
import type { AwsError } from './service.ts';

const VALID_FOR = 24 * HOUR;

/** A call that its client may repeat. */
interface RepeatableCall<Answer> {
  readonly operation: string;
  readonly token: string | undefined;
  readonly input: unknown;
  /** The error of a call that has the token of a different call, which got this answer. */
  readonly conflict: (before: Answer) => AwsError;
}

/** The answers to calls with a client token, so that a repeated call has one effect. */
export interface ClientTokens {
  /** Runs the call, or returns what the same call with the same token returned before. */
  once<Answer>(call: RepeatableCall<Answer>, run: () => Answer): Answer;
}

interface Answered {
  readonly input: unknown;
  readonly answer: unknown;
  readonly until: number;
}

export function createClientTokens(clock: Pick<Clock, 'now'>): ClientTokens {
  const calls = new Map<string, Answered>();
  return {
    once<Answer>({ operation, token, input, conflict }: RepeatableCall<Answer>, run: () => Answer): Answer {
      if (token === undefined) return run();
      const key = `${operation} ${token}`;
      const before = calls.get(key);
      if (before && clock.now() < before.until) {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all answers of an operation have one type
        const answer = before.answer as Answer;
        if (!isDeepStrictEqual(before.input, input)) throw conflict(answer);
        return answer;
      }
      const answer = run();
      calls.set(key, { input, answer, until: clock.now() + VALID_FOR });
      return answer;
    },
  };
}
