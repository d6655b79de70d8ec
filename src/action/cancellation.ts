/**
 * The runner asks with SIGINT, again with SIGTERM 7.5 s later, and kills 2.5 s after that. Where nobody reads the log any more the
 * runner is gone and could not ask: its job is lost, so that its release must not go on alone.
 */
export function cancellation(heard: (signal: string) => void): AbortSignal {
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
  return controller.signal;
}
