// Starts a real image registry on a free loopback port. It requires a login.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../demo/free-ports.ts';

export interface TestRegistry {
  /** For example `127.0.0.1:49152`. */
  readonly host: string;
  readonly username: string;
  readonly password: string;
  stop(): Promise<void>;
}

const USERNAME = 'AWS';
const PASSWORD = 'a password: with a colon';

/** Requires `docker-registry` and `htpasswd` (apache2-utils) on PATH. */
export async function startRegistry(password = PASSWORD): Promise<TestRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'ecs-ramp-registry-'));
  const [port] = await freePorts(1);
  const host = `127.0.0.1:${port}`;
  await writeFile(join(folder, 'htpasswd'), hashOf(password));
  await writeFile(
    join(folder, 'config.yml'),
    JSON.stringify({
      version: '0.1',
      log: { level: 'error' },
      storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
      http: { addr: host },
      auth: { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } },
    }),
  );
  const server = spawn('docker-registry', ['serve', join(folder, 'config.yml')], { stdio: 'ignore' });
  await untilAnswering(`http://${host}/v2/`);
  return {
    host,
    username: USERNAME,
    password,
    async stop() {
      // It may have been killed, for example for lack of memory.
      if (server.exitCode === null && server.signalCode === null) {
        const ended = once(server, 'exit');
        server.kill();
        await ended;
      }
      await rm(folder, { recursive: true });
    },
  };
}

function hashOf(password: string): string {
  const { stdout, status } = spawnSync('htpasswd', ['-niBC', '4', USERNAME], {
    input: password,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error('htpasswd did not run: install apache2-utils.');
  return stdout;
}

async function untilAnswering(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const answer = await fetch(url).catch(() => null);
    if (answer) return;
    await sleep(50);
  }
  throw new Error(`No registry answers at ${url}.`);
}
