import { SECOND, type Clock } from '../core/time/clock.ts';

const LONGEST_SILENCE = 20 * SECOND;

/** Says what is being waited for whenever nothing else was said for a while. `stop` must be called. */
export function neverSilent(options: {
  readonly clock: Clock;
  readonly say: (line: string) => void;
  readonly waitingFor: () => string;
}): { readonly say: (line: string) => void; readonly stop: () => void } {
  const { clock, say, waitingFor } = options;
  let cancel: (() => void) | null = null;
  const again = (): void => {
    cancel?.();
    cancel = clock.after(LONGEST_SILENCE, () => {
      say(waitingFor());
      again();
    });
  };
  again();
  return {
    say(line) {
      say(line);
      again();
    },
    stop: () => cancel?.(),
  };
}
