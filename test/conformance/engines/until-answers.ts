import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';

/** Waits until an engine answers at `socket`. Rejects with the end of its log if it does not start. */
export async function untilEngineAnswers(started: {
  readonly socket: string;
  readonly engine: ChildProcess;
  readonly log: string;
}): Promise<void> {
  const docker = new Docker({ socketPath: started.socket });
  for (let attempt = 0; attempt < 300 && started.engine.exitCode === null; attempt++) {
    const isThere = await docker.ping().then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await sleep(100);
  }
  started.engine.kill();
  throw new Error(`The engine did not start: ${(await readFile(started.log, 'utf8')).slice(-2000)}`);
}
