import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import { isAlive } from '../processes.ts';

const STARTS_WITHIN = 60_000;
const POLL = 100;
/** The engine creates this network interface and never removes it. */
const BRIDGE = '/sys/class/net/docker0';

/** A Docker daemon of the sandbox, with its images and containers in `directory`. */
export async function startPrivateEngine(
  directory: string,
): Promise<{ readonly socket: string; close(): Promise<void> }> {
  const missing = whatIsMissing();
  if (missing !== null)
    throw new Error(`No Docker engine answers at DOCKER_HOST or /var/run/docker.sock. ${missing}`);
  const place = placeOf(directory);
  const bridgeWasThere = existsSync(BRIDGE);
  await mkdir(directory, { recursive: true });
  await mkdir(place.run, { recursive: true, mode: 0o700 });
  // An engine that a killed run left running is used, and stopped at the end.
  if (!(await answers(place.socket))) await start(place, directory);
  return {
    socket: place.socket,
    async close() {
      await stop(place.pidFile);
      await rm(place.run, { recursive: true, force: true });
      await rm(directory, { recursive: true, force: true });
      if (!bridgeWasThere) spawnSync('ip', ['link', 'delete', 'docker0']);
    },
  };
}

interface Place {
  readonly run: string;
  readonly socket: string;
  readonly pidFile: string;
}

/**
 * The path of a socket is limited in length, so sockets cannot be in `directory`, which may have a
 * long path.
 */
function placeOf(directory: string): Place {
  const name = createHash('sha256').update(directory).digest('hex').slice(0, 8);
  const run = join(tmpdir(), `ecs-ramp-engine-${name}`);
  return { run, socket: join(run, 'docker.sock'), pidFile: join(run, 'docker.pid') };
}

function whatIsMissing(): string | null {
  if (process.platform !== 'linux') return 'Start Docker and run this again.';
  if (process.getuid?.() !== 0)
    return 'Start Docker and run this again, or run this as root to let it start an engine.';
  if (spawnSync('dockerd', ['--version']).error)
    return 'Install one with script/bootstrap, or apt-get install docker.io.';
  return null;
}

async function start({ run, socket, pidFile }: Place, directory: string): Promise<void> {
  const logFile = join(directory, 'dockerd.log');
  const log = await open(logFile, 'w');
  const settings = [
    ['--data-root', join(directory, 'data')],
    ['--exec-root', join(run, 'exec')],
    ['--pidfile', pidFile],
    ['--host', `unix://${socket}`],
  ].flat();
  // Detached: ctrl-C in a terminal must reach only the sandbox, which stops everything in order.
  const daemon = spawn('dockerd', settings, { detached: true, stdio: ['ignore', log.fd, log.fd] });
  daemon.unref();
  await log.close();
  for (const deadline = Date.now() + STARTS_WITHIN; !(await answers(socket)); await sleep(POLL)) {
    if (daemon.exitCode !== null || Date.now() > deadline) {
      daemon.kill();
      const last = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-3).join(' ');
      throw new Error(`dockerd did not start; its log, ${logFile}, ends with: ${last}`);
    }
  }
}

const answers = (socketPath: string): Promise<boolean> =>
  new Docker({ socketPath }).ping().then(
    () => true,
    () => false,
  );

async function stop(pidFile: string): Promise<void> {
  const pid = Number(await readFile(pidFile, 'utf8'));
  process.kill(pid, 'SIGTERM');
  while (isAlive(pid)) await sleep(POLL);
}
