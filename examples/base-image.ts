import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type Docker from 'dockerode';

const run = promisify(execFile);

/**
 * The image that the shop's Dockerfiles start from (their `NODE_IMAGE`), so that they build on a machine that cannot pull:
 * the Node that runs this, with the libraries it is linked to, and nothing else, no shell either. Made once for each engine.
 * Where that cannot work (not Linux: the engine runs in a virtual machine), or when the environment names a `NODE_IMAGE`,
 * the answer is an image for the engine to pull.
 */
export async function baseImage(docker: Docker): Promise<string> {
  if (process.env.NODE_IMAGE) return process.env.NODE_IMAGE;
  if (process.platform !== 'linux') return 'node:24-slim';
  const tag = process.versions.node;
  const name = `ecs-ramp-example/node:${tag}`;
  if (!(await exists(docker, name))) await importNode(docker, name);
  return name;
}

async function exists(docker: Docker, name: string): Promise<boolean> {
  try {
    await docker.getImage(name).inspect();
    return true;
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return false;
    throw error;
  }
}

async function importNode(docker: Docker, name: string): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'ecs-ramp-node-'));
  try {
    await place(process.execPath, join(root, 'usr/local/bin/node'));
    for (const library of await librariesOf(process.execPath)) await place(library, join(root, library));
    await mkdir(join(root, 'etc'));
    await writeFile(join(root, 'etc/passwd'), 'root:x:0:0::/:\nnode:x:1000:1000::/:\n');
    await mkdir(join(root, 'tmp'), { mode: 0o1777 });
    const tar = spawn('tar', ['-C', root, '--owner=0', '--group=0', '-cf', '-', '.'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [repo, tag] = name.split(':');
    const changes = ['ENV PATH=/usr/local/bin', 'CMD ["node"]'];
    const progress = await docker.importImage(tar.stdout, { repo, tag, changes });
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(await realpath(from), to);
}

/** Absolute paths, as `ldd` prints them: `libm.so.6 => /lib/libm.so.6 (0x7f...)`, or the loader alone. */
async function librariesOf(binary: string): Promise<string[]> {
  const { stdout } = await run('ldd', [binary]);
  return [...stdout.matchAll(/(?:^\s*|=> )(\/\S+) \(0x/gm)].map(([, path]) => path!);
}
