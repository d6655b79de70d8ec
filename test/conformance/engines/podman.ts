import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untilEngineAnswers } from './until-answers.ts';

/** Starts the API of Podman with images and settings of its own. */
export async function startPodman(): Promise<{ readonly dockerHost: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'ecs-ramp-podman-'));
  const settings = join(folder, 'registries.conf');
  await writeFile(settings, '[[registry]]\nlocation = "127.0.0.1"\ninsecure = true\n');
  const log = await open(join(folder, 'log'), 'w');
  const socket = join(folder, 'podman.sock');
  const places = ['--root', join(folder, 'images'), '--runroot', join(folder, 'run')];
  const host = ['--cgroup-manager=cgroupfs', '--events-backend=file'];
  const service = spawn(
    'unshare',
    // Its mounts end with it.
    ['--mount', 'podman', ...places, ...host, 'system', 'service', '--time=0', `unix://${socket}`],
    { env: { ...process.env, CONTAINERS_REGISTRIES_CONF: settings }, stdio: ['ignore', log.fd, log.fd] },
  );
  await log.close();
  await untilEngineAnswers({ socket, engine: service, log: join(folder, 'log') });
  return {
    dockerHost: `unix://${socket}`,
    async close() {
      const ended = once(service, 'exit');
      service.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}
