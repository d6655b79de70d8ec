import { withHeartbeat } from '../time/heartbeat.ts';
import { SECOND, type Clock } from '../time/clock.ts';
import type { NewEvent } from './event.ts';

/**
 * The log is never silent for more than 30 seconds. Usually the run reports what it waits for
 * before this.
 */
const LONGEST_SILENCE = 28 * SECOND;
/**
 * Who waits reports it again after this time, at its next look up to a quarter of a minute later. So a wait
 * for something else is not reported as one for AWS.
 */
export const SAY_AGAIN = 15 * SECOND;

type Tell = (event: NewEvent) => void;

/** The functions that this module has already wrapped. */
const talking = new WeakSet<Tell>();

/**
 * Wraps `tell` so that it reports a wait when there was no event for a while, however long AWS
 * takes to answer. `end` must be called. Adds nothing while `elsewhere` returns true because
 * something else fills the log.
 */
export function neverSilent(
  clock: Clock,
  tell: Tell,
  elsewhere: () => boolean = () => false,
): { readonly tell: Tell; readonly end: () => void } {
  if (talking.has(tell)) return { tell, end() {} };
  const { say, end } = withHeartbeat<NewEvent>(clock, LONGEST_SILENCE, {
    say: tell,
    remind(since) {
      if (!elsewhere()) tell({ kind: 'waiting', what: 'AWS to answer', since, until: null, otherwise: null });
    },
  });
  talking.add(say);
  return { tell: say, end };
}
