import { setTimeout as sleep } from 'node:timers/promises';

/** Files and child processes. */
const REAL_WORK = /^(FSReq|ProcessWrap)/;
/** For a process that only the virtual time ends. */
const PATIENCE = 5_000;

/**
 * Resolves when this process waits for no file and no child process. Virtual time that passes meanwhile
 * would depend on the speed of the machine.
 */
export async function realWorkDone(): Promise<void> {
  let since: number | null = null;
  while (process.getActiveResourcesInfo().some((name) => REAL_WORK.test(name))) {
    since ??= performance.now();
    if (performance.now() - since > PATIENCE) return;
    await sleep(1);
  }
}
