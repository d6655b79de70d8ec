import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untilEngineAnswers } from './until-answers.ts';

const USER = 'ecs-ramp-rootless';
/** Where slirp4netns shows this machine's loopback to the engine. */
const THIS_MACHINE = '10.0.2.2';

export interface RootlessEngine {
  readonly dockerHost: string;
  /** Lets the engine reach a port of this machine's loopback at its own loopback. */
  readonly reach: (port: number) => Promise<void>;
  /** Runs a shell command in the user and mount namespaces of the engine. Throws if it fails. */
  inside(command: string): void;
  close(): Promise<void>;
}

/**
 * Docker's own dockerd-rootless.sh as a new user, who is removed in the end. What belongs to the
 * engine is in namespaces that end with it.
 */
export async function startRootlessEngine(): Promise<RootlessEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'ecs-ramp-rootless-'));
  await chmod(folder, 0o755);
  const home = join(folder, 'home');
  const runtime = join(folder, 'run');
  const tun = join(folder, 'tun');
  // A run that was killed may have left them behind.
  spawnSync('userdel', ['--force', USER]);
  run('useradd', ['--no-log-init', '--create-home', '--home-dir', home, USER]);
  const uid = Number(run('id', ['--user', USER]));
  await mkdir(runtime, { mode: 0o700 });
  await chown(runtime, uid, uid);
  const log = await open(join(folder, 'log'), 'w');
  // Some machines let only root open /dev/net/tun. In this mount namespace, everybody may.
  const script = `mknod -m 666 ${tun} c 10 200 && mount --bind ${tun} /dev/net/tun && exec "$@"`;
  const user = ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--clear-groups'];
  const environment = ['env', '-i', `HOME=${home}`, `XDG_RUNTIME_DIR=${runtime}`, `PATH=${PATH}`, FLAGS];
  const command = ['sh', '/usr/share/docker.io/contrib/dockerd-rootless.sh'];
  const engine = spawn(
    'unshare',
    ['--mount', 'sh', '-c', script, 'sh', ...user, ...environment, ...command],
    { stdio: ['ignore', log.fd, log.fd] },
  );
  await log.close();
  const socket = join(runtime, 'docker.sock');
  const remove = async (): Promise<void> => {
    run('userdel', ['--force', USER]);
    await rm(folder, { recursive: true });
  };
  await untilEngineAnswers({ socket, engine, log: join(folder, 'log') }).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  const pid = await readFile(join(runtime, 'docker.pid'), 'utf8');
  const forwarders: ReturnType<typeof spawn>[] = [];
  return {
    dockerHost: `unix://${socket}`,
    async reach(port) {
      const node = [process.execPath, join(import.meta.dirname, 'forward.ts'), String(port), THIS_MACHINE];
      const forwarder = spawn('nsenter', ['--target', pid, '--net', ...node], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      forwarders.push(forwarder);
      await once(forwarder.stdout, 'data');
    },
    inside(command) {
      run('nsenter', ['--target', pid, '--user', '--mount', 'sh', '-c', command]);
    },
    async close() {
      for (const forwarder of forwarders) forwarder.kill();
      const ended = once(engine, 'exit');
      process.kill(Number(pid));
      await ended;
      await remove();
    },
  };
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const FLAGS = 'DOCKERD_ROOTLESS_ROOTLESSKIT_FLAGS=--disable-host-loopback=false';

function run(command: string, parameters: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, parameters, { encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(`${command} failed: ${stderr}`);
  return stdout;
}
