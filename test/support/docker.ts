// Runs the real docker client, and reads images from the Docker engine.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian's docker client supports BuildKit. Another client on PATH may not. */
const CLIENT = '/usr/bin/docker';

/** `output` is stdout followed by stderr. */
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

/** Removes all images of a repository, tagged or pushed, and no other image. */
export function removeImages(repository: string): void {
  const format = '{{.Repository}} {{.Tag}} {{.Digest}}';
  const { output } = docker('image', 'ls', '--digests', '--format', format, repository);
  const references = output
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [name = '', tag = '<none>', digest = '<none>'] = line.split(' ');
      return [tag === '<none>' ? '' : `${name}:${tag}`, digest === '<none>' ? '' : `${name}@${digest}`];
    })
    .filter((reference) => reference !== '');
  if (references.length > 0) docker('image', 'rm', ...new Set(references));
}

/** Every path in the image with its type, mode, owner, size, link target and content hash. */
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
    // Leaves out the times and the paths that the engine adds to a container.
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
