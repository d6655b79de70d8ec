import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import type { ClientRequest, RequestOptions } from 'node:http';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { processesWith } from '../processes.ts';

/** Docker's registry without access control, on an unpublished loopback port. */
export interface Storage {
  request(options: Pick<RequestOptions, 'method' | 'path' | 'headers'>): ClientRequest;
  /** Stops it and removes what it stored. */
  close(): Promise<void>;
}

/** Rejects, with the cause and the fix, when the registry is not installed or does not start. */
export async function startStorage(directory: string): Promise<Storage> {
  const configuration = resolve(directory, 'config.json');
  // Leftovers of a killed run.
  for (const pid of await processesWith(configuration)) process.kill(pid);
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  await writeFile(configuration, JSON.stringify(settings(directory)));
  // Detached: ctrl-C in a terminal must reach only the sandbox, which stops everything in order.
  const registry = spawn('docker-registry', ['serve', configuration], {
    detached: true,
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => {
    registry.once('exit', () => resolve());
    registry.once('error', () => resolve());
  });
  const close = async () => {
    registry.kill();
    await exited;
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const port = await listeningPort(registry);
    const agent = new Agent({ keepAlive: true });
    return {
      request: (options) => request({ ...options, host: '127.0.0.1', port, agent }),
      async close() {
        agent.destroy();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

// JSON is valid YAML.
const settings = (directory: string) => ({
  version: '0.1',
  log: { level: 'info', formatter: 'json', accesslog: { disabled: true } },
  storage: { filesystem: { rootdirectory: join(directory, 'data') } },
  http: { addr: '127.0.0.1:0', relativeurls: true, secret: randomBytes(16).toString('hex') },
});

/** The registry uses any free port and logs it. */
async function listeningPort(registry: ChildProcess): Promise<number> {
  if (!registry.stderr) throw new Error('The registry has no log to read.');
  const failed = once(registry, 'error').then(([error]: unknown[]) => {
    throw new Error(
      `docker-registry could not be started (${String(error)}). Install it: script/bootstrap, or apt-get install docker-registry.`,
    );
  });
  const lines = createInterface({ input: registry.stderr });
  const last: string[] = [];
  const listening = new Promise<number>((resolve, reject) => {
    lines.on('line', (line) => {
      const port = /listening on 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port !== undefined) resolve(Number(port));
      last.push(line);
      if (last.length > 5) last.shift();
    });
    lines.once('close', () => reject(new Error(`docker-registry ended during its start: ${last.join(' ')}`)));
  });
  return Promise.race([listening, failed]);
}
