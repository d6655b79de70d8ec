import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../../demo/free-ports.ts';

export const PASSWORD = 'pr0xy-pa55';

export interface Tinyproxy {
  /** Without user and password: `127.0.0.1:8888`. */
  readonly host: string;
  /** The hosts that were reached through it since the last call: `CONNECT aws.example:443`. */
  requests(): Promise<ReadonlySet<string>>;
  close(): Promise<void>;
}

/** Starts tinyproxy, which requires a login. Only it finds the names `hosts`, on this machine. */
export async function startTinyproxy(hosts: readonly string[]): Promise<Tinyproxy> {
  const folder = await mkdtemp(join(tmpdir(), 'ecs-ramp-tinyproxy-'));
  const [port] = await freePorts(1);
  const [settings, names, logFile] = [join(folder, 'conf'), join(folder, 'hosts'), join(folder, 'log')];
  await writeFile(names, hosts.map((name) => `127.0.0.1 ${name}\n`).join(''));
  const lines = [
    'Listen 127.0.0.1',
    `Port ${port}`,
    'Timeout 600',
    `BasicAuth user ${PASSWORD}`,
    'LogLevel Connect',
  ];
  await writeFile(settings, `${lines.join('\n')}\n`);
  const log = await open(logFile, 'w');
  const script = `mount --bind ${names} /etc/hosts && exec tinyproxy -d -c ${settings}`;
  const proxy = spawn('unshare', ['--mount', 'sh', '-c', script], { stdio: ['ignore', log.fd, log.fd] });
  await log.close();
  await untilListening(port!);
  let read = 0;
  return {
    host: `127.0.0.1:${port}`,
    async requests() {
      const text = await readFile(logFile, 'utf8');
      const lines = text.slice(read).matchAll(/Request \(file descriptor \d+\): (\w+) (\S+) HTTP/g);
      read = text.length;
      return new Set([...lines].map(([, method, target]) => `${method} ${target}`));
    },
    async close() {
      const ended = once(proxy, 'exit');
      proxy.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const socket = net.connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error('tinyproxy did not start.');
}
