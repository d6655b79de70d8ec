import type { Clock, Milliseconds } from './clock.ts';

/**
 * Wraps `say` so that `remind` is called whenever `say` was not called for `interval`, with the
 * time of the last call. `end` must be called; what is said later is left out.
 */
export function withHeartbeat<T>(
  clock: Clock,
  interval: Milliseconds,
  { say, remind }: { readonly say: (said: T) => void; readonly remind: (since: number) => void },
): { readonly say: (said: T) => void; readonly end: () => void } {
  let cancel: (() => void) | null = null;
  let hasEnded = false;
  const listen = (since: number): void => {
    cancel?.();
    cancel = clock.after(interval, () => {
      remind(since);
      listen(since);
    });
  };
  listen(clock.now());
  return {
    say(said) {
      if (hasEnded) return;
      say(said);
      listen(clock.now());
    },
    end() {
      hasEnded = true;
      cancel?.();
    },
  };
}
