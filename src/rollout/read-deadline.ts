import { SECOND, type Clock, type Milliseconds } from '../core/time/clock.ts';

/** The attempts of a throttled call take about this long. */
const LONGEST = 20 * SECOND;
/** Without problems, AWS answers within this time. */
const IN_A_HURRY = 2 * SECOND;

/**
 * Limits how long one observation waits for its reads. A read that takes longer counts as failed.
 */
export interface ReadDeadline {
  /** Resolves to the answer, or rejects with a TimeoutError. */
  until<T>(reading: Promise<T>): Promise<T>;
  /** There is something to do: the other reads get two more seconds. */
  hurry(): void;
  /** Must be called. */
  end(): void;
}

export function createReadDeadline(clock: Clock): ReadDeadline {
  const { promise: late, reject } = Promise.withResolvers<never>();
  // Prevents an unhandled rejection when no read is waiting.
  late.catch(() => {});
  const endAfter = (limit: Milliseconds) => clock.after(limit, () => reject(tooLate()));
  const cancels = [endAfter(LONGEST)];
  return {
    until: (reading) => Promise.race([reading, late]),
    hurry() {
      if (cancels.length === 1) cancels.push(endAfter(IN_A_HURRY));
    },
    end() {
      for (const cancel of cancels) cancel();
    },
  };
}

function tooLate(): Error {
  return Object.assign(new Error('AWS did not answer in time.'), { name: 'TimeoutError' });
}
