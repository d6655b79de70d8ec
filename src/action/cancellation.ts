/** The runner asks with SIGINT, again with SIGTERM 7.5 s later, and kills 2.5 s after that. */
export function cancellation(heard: (signal: string) => void): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) return;
      heard(signal);
      controller.abort(signal);
    });
  }
  return controller.signal;
}
