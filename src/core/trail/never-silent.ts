import { withHeartbeat } from '../time/heartbeat.ts';
import { SECOND, type Clock } from '../time/clock.ts';
import type { NewEvent } from './event.ts';

/** The log is never silent for longer than 30 seconds; what is waited for is usually said before this. */
const LONGEST_SILENCE = 28 * SECOND;

type Tell = (event: NewEvent) => void;

/** Those that are never silent already. */
const talking = new WeakSet<Tell>();

/**
 * Tells, and says so when nothing was told for a while, however long AWS takes for an answer. `end` must be called. While
 * `elsewhere` says that something else fills the log nothing is added.
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
