// Creates a base image with a shell from Debian's busybox-static, without a registry.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function importBusybox(name: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'ecs-ramp-busybox-'));
  try {
    mkdirSync(join(folder, 'bin'));
    cpSync('/bin/busybox', join(folder, 'bin', 'busybox'));
    for (const command of ['sh', 'cat', 'echo', 'seq', 'sleep'])
      symlinkSync('busybox', join(folder, 'bin', command));
    const archive = spawnSync('tar', ['-C', folder, '-c', '.'], { maxBuffer: 64 * 1024 * 1024 });
    const { status, stderr } = spawnSync('/usr/bin/docker', ['import', '-', name], { input: archive.stdout });
    if (status !== 0) throw new Error(stderr.toString());
  } finally {
    rmSync(folder, { recursive: true });
  }
}
