import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian's own docker client speaks BuildKit; another one before it on PATH may not. */
const CLIENT = '/usr/bin/docker';

/** What the real client does: exit code and both outputs. */
export function docker(...parameters: readonly string[]): {
  readonly status: number;
  readonly output: string;
} {
  const { status, stdout, stderr, error } = spawnSync(CLIENT, parameters, {
    encoding: 'utf8',
    env: { ...process.env, DOCKER_BUILDKIT: '1' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw error;
  return { status: status ?? 1, output: stdout + stderr };
}

export function imageId(name: string): string {
  const { status, output } = docker('image', 'inspect', '--format', '{{.Id}}', name);
  if (status !== 0) throw new Error(output);
  return output.trim();
}

/** Every path in the image, with kind, mode, owner, size and link target, and the hash of every file. */
export function filesIn(name: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'ecs-ramp-export-'));
  const container = docker('create', name, 'nothing').output.trim();
  try {
    const archive = join(folder, 'image.tar');
    docker('export', '--output', archive, container);
    const hash = 'echo "$TAR_FILENAME $(sha256sum)"';
    const listed = [
      ...tar('--numeric-owner', '-tvf', archive),
      ...tar('-xf', archive, `--to-command=${hash}`),
    ];
    // Without the time, and without what the engine adds to a container.
    return listed
      .map((line) => line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d /, ''))
      .filter((line) => !/(^| )(dev|etc|proc|sys|\.dockerenv)(\/| |$)/.test(line))
      .sort();
  } finally {
    docker('rm', container);
    rmSync(folder, { recursive: true });
  }
}

function tar(...parameters: readonly string[]): string[] {
  const { stdout, stderr, status } = spawnSync('tar', parameters, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout.trimEnd().split('\n');
}
