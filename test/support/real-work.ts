import { setTimeout as sleep } from 'node:timers/promises';

/** Files, child processes, names of hosts and connections. */
const REAL_WORK = /^(FSReq|ProcessWrap|GetAddrInfo|TCPConnect)/;
/** For a process that only the virtual time ends. */
const PATIENCE = 5_000;

/** The dynamic imports that have not ended. strip-types.js keeps it. */
declare global {
  var importsInProgress: ReadonlySet<Promise<unknown>> | undefined;
}

/**
 * Resolves when this process waits for no file, child process, host or module. Virtual time that passes
 * meanwhile would depend on the speed of the machine.
 */
export async function realWorkDone(): Promise<void> {
  let since: number | null = null;
  while (isBusy()) {
    since ??= performance.now();
    if (performance.now() - since > PATIENCE) return;
    await sleep(1);
  }
}

function isBusy(): boolean {
  if ((globalThis.importsInProgress?.size ?? 0) > 0) return true;
  return process.getActiveResourcesInfo().some((name) => REAL_WORK.test(name));
}
