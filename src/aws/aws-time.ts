import { MINUTE, SECOND, type Clock } from '../core/time/clock.ts';

/**
 * The time as AWS has it. A runner's clock may be minutes wrong, and AWS's times (when a pause began, when it ends, when a minute of
 * metrics is over) are compared with it: so it is put right by the Date header of AWS's answers.
 */
export interface AwsTime {
  readonly clock: Clock;
  /** An answer of AWS that has just come says that it is `date`, in milliseconds since 1970. */
  readonly heard: (date: number) => void;
}

/** A header has whole seconds, and an answer takes some: a clock that is no further off is left alone. */
const CLOSE_ENOUGH = 5 * SECOND;

/** @param notice told once, if the local clock is more than a minute off. */
export function createAwsTime(local: Clock, notice: (message: string) => void): AwsTime {
  let offset = 0;
  let isTold = false;

  function tellOnce(): void {
    if (isTold || Math.abs(offset) <= MINUTE) return;
    isTold = true;
    const minutes = (Math.abs(offset) / MINUTE).toFixed(1);
    notice(
      `The clock of this machine is ${minutes} minutes ${offset < 0 ? 'fast' : 'slow'}, by AWS's answers: from here on AWS's time counts.`,
    );
  }

  return {
    clock: { now: () => local.now() + offset, after: (delay, callback) => local.after(delay, callback) },
    heard(date) {
      const found = date - local.now();
      // One late answer more or less is no other time.
      if (Number.isNaN(found) || Math.abs(found - offset) <= CLOSE_ENOUGH) return;
      offset = found;
      tellOnce();
    },
  };
}

/** For the clients of AWS's SDK: hands over when each answer, good or bad, says that it was given. */
export function hearing(heard: (date: number) => void): SdkPlugin {
  return {
    applyToStack(stack) {
      stack.add(
        (next: Next): Next =>
          async (call) => {
            const answer = await next(call);
            const date = answer.response.headers?.['date'];
            if (date !== undefined) heard(Date.parse(date));
            return answer;
          },
        // Nearest to the wire, where an error is an answer like any other.
        { step: 'deserialize', priority: 'low', name: 'hearsAwsTime', override: true },
      );
    },
  };
}

interface Answered {
  readonly response: { readonly headers?: Readonly<Record<string, string>> };
}
type Next = (call: unknown) => Promise<Answered>;

export interface SdkPlugin {
  // oxlint-disable-next-line typescript/no-explicit-any -- the stack of each client has types of its own
  readonly applyToStack: (stack: any) => void;
}
