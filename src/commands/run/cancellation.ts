import { MINUTE } from '../../core/time/clock.ts';

/** A rollback takes its time; after this the process ends itself, and its post step does what is left. */
const TIME_AFTER_A_MISTAKE = 25 * MINUTE;

/**
 * Aborted when the job is to end before its time; the reason is the signal's name. The runner asks with SIGINT, again with SIGTERM
 * 7.5 s later, and kills 2.5 s after that. Where nobody reads the log any more the runner is gone and could not ask: its job is lost,
 * so that its release must not go on alone. An error that nobody caught asks too, and is the reason itself: Node would end the
 * process, with users on the canary.
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
    // What broke once may go on breaking.
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
