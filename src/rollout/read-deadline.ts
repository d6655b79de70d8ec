import { SECOND, type Clock, type Milliseconds } from '../core/time/clock.ts';

/** The tries of a call that is throttled take about as long. */
const LONGEST = 20 * SECOND;
/** What AWS answers without trouble is there by then. */
const IN_A_HURRY = 2 * SECOND;

/** How long one look waits for its reads: what has not answered by then counts as failed, for now. */
export interface ReadDeadline {
  /** The answer, or a TimeoutError. */
  until<T>(reading: Promise<T>): Promise<T>;
  /** There is something to be done: the others get two seconds more. */
  hurry(): void;
  /** Must be called. */
  end(): void;
}

export function createReadDeadline(clock: Clock): ReadDeadline {
  const { promise: late, reject } = Promise.withResolvers<never>();
  // Nobody may be waiting.
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
