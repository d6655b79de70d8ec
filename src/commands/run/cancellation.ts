import { MINUTE, SECOND } from '../../core/time/clock.ts';

/** The time for a rollback; then the process exits, and the post step does the rest. */
const TIME_AFTER_A_MISTAKE = 25 * MINUTE;
/** For what is still in the buffers of stdout and stderr. */
const TIME_TO_PRINT = SECOND / 2;

/** Ends the process although calls that were given up, and their retries, still wait. */
export function endProcess(): void {
  setTimeout(() => process.exit(), TIME_TO_PRINT).unref();
}

/**
 * Aborted when the job must end early; the reason is the name of the signal. The runner sends
 * SIGINT, SIGTERM 7.5 s later, and kills the process 2.5 s after that. If the log can no longer be
 * written, the runner is gone: its release must not continue alone. An uncaught error also aborts,
 * with the error as the reason: otherwise Node would end the process while the canary has traffic.
 */
export function cancellation(
  heard: (signal: string) => void = () => {},
  mistaken: (error: Error) => void = () => {},
): AbortSignal {
  const controller = new AbortController();
  let isHeard = false;
  const hear = (signal: string) => {
    if (isHeard) return;
    isHeard = true;
    heard(signal);
    controller.abort(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => hear(signal));
  for (const output of [process.stdout, process.stderr])
    output.on('error', ({ message }) => hear(`its log cannot be written: ${message}`));

  let isBroken = false;
  const breakOff = (thrown: unknown) => {
    // Ignore further errors.
    if (isBroken) return;
    isBroken = true;
    process.exitCode = 1;
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    mistaken(error);
    setTimeout(() => process.exit(), TIME_AFTER_A_MISTAKE).unref();
    controller.abort(error);
  };
  process.on('uncaughtException', breakOff);
  process.on('unhandledRejection', breakOff);
  return controller.signal;
}
