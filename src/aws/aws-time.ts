import { MINUTE, SECOND, type Clock } from '../core/time/clock.ts';

/**
 * A clock that follows AWS's time. A runner's clock can be minutes off, and it is compared with
 * times from AWS (start and end of a pause, end of a minute of metrics). The `Date` header of AWS's
 * answers corrects it.
 */
export interface AwsTime {
  readonly clock: Clock;
  /** Reports the `Date` header of an answer that has just arrived, in milliseconds since 1970. */
  readonly heard: (date: number) => void;
}

/**
 * Smaller differences are ignored: the header has whole seconds, and an answer takes time to
 * arrive.
 */
const CLOSE_ENOUGH = 5 * SECOND;

/** @param notice called once, if the local clock is more than a minute off. */
export function createAwsTime(local: Clock, notice: (message: string) => void): AwsTime {
  let offset = 0;
  let isTold = false;

  function tellOnce(): void {
    if (isTold || Math.abs(offset) <= MINUTE) return;
    isTold = true;
    const minutes = (Math.abs(offset) / MINUTE).toFixed(1);
    notice(
      `The clock of this machine is ${minutes} minutes ${offset < 0 ? 'fast' : 'slow'} compared with AWS: ecs-ramp uses AWS's time from now on.`,
    );
  }

  return {
    clock: { now: () => local.now() + offset, after: (delay, callback) => local.after(delay, callback) },
    heard(date) {
      const found = date - local.now();
      // A single late answer is not a change of the time.
      if (Number.isNaN(found) || Math.abs(found - offset) <= CLOSE_ENOUGH) return;
      offset = found;
      tellOnce();
    },
  };
}

/**
 * Middleware for AWS SDK clients: passes on the `Date` header of each answer, also of error
 * answers.
 */
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
        // The innermost position, where error answers have not been turned into exceptions yet.
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
