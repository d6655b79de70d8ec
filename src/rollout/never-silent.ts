import { SECOND, type Clock } from '../time/clock.ts';
import type { Happening } from '../trail/event.ts';

/** The log is never silent for longer than 30 seconds; what is waited for is usually said before this. */
const LONGEST_SILENCE = 28 * SECOND;

/** Tells, and says so when nothing was told for a while, however long AWS takes for an answer. `end` must be called. */
export function neverSilent(
  clock: Clock,
  tell: (happening: Happening) => void,
): { readonly tell: (happening: Happening) => void; readonly end: () => void } {
  let cancel: (() => void) | null = null;
  const listen = (since: number): void => {
    cancel?.();
    cancel = clock.after(LONGEST_SILENCE, () => {
      tell({ kind: 'waiting', what: 'AWS to answer', since, until: null, otherwise: null });
      listen(since);
    });
  };
  listen(clock.now());
  return {
    tell(happening) {
      tell(happening);
      listen(clock.now());
    },
    end: () => cancel?.(),
  };
}
