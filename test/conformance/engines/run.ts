// node run.ts PROGRAM: builds with engines that are not the usual one, each started for the check.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importBusybox } from '../../support/base-image.ts';
import { BASE, buildEverything, buildForArm64 } from './builds.ts';
import { startPodman } from './podman.ts';
import { startRootlessEngine } from './rootless.ts';

const [program = ''] = process.argv.slice(2);

/** QEMU for arm64, in the namespaces of the caller: /proc/sys/fs/binfmt_misc belongs to the user namespace. */
const EMULATE_ARM64 = [
  'mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc',
  String.raw`printf %s ':arm64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:/usr/bin/qemu-aarch64-static:F' >/proc/sys/fs/binfmt_misc/register`,
].join(' && ');

const say = (line: string): void => console.log(line);

await podman();
await rootless();

async function podman(): Promise<void> {
  const engine = await startPodman();
  try {
    process.env['DOCKER_HOST'] = engine.dockerHost;
    await assert.rejects(buildEverything(), /Podman .* has no BuildKit/);
    say('Podman: a build is refused, and the message names Podman and what to do.');
  } finally {
    delete process.env['DOCKER_HOST'];
    await engine.close();
  }
}

async function rootless(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ecs-ramp-docker-config-'));
  const engine = await startRootlessEngine();
  try {
    process.env['DOCKER_HOST'] = engine.dockerHost;
    importBusybox(BASE);
    await buildEverything(engine.reach);
    say('Rootless Docker, by DOCKER_HOST: built and pushed.');
    delete process.env['DOCKER_HOST'];
    process.env['DOCKER_CONFIG'] = folder;
    dockerCommand('context', 'create', 'rootless', '--docker', `host=${engine.dockerHost}`);
    process.env['DOCKER_CONTEXT'] = 'rootless';
    await buildEverything(engine.reach);
    say('Rootless Docker, by DOCKER_CONTEXT: built and pushed.');
    delete process.env['DOCKER_CONTEXT'];
    dockerCommand('context', 'use', 'rootless');
    await buildEverything(engine.reach);
    say('Rootless Docker, by the context of `docker context use`: built and pushed.');
    await assert.rejects(buildForArm64(program, engine.reach), /install QEMU before/);
    engine.inside(EMULATE_ARM64);
    await buildForArm64(program, engine.reach);
    say('linux/arm64 with QEMU: built and pushed.');
  } finally {
    await engine.close();
    await rm(folder, { recursive: true });
  }
}

function dockerCommand(...parameters: readonly string[]): void {
  execFileSync('/usr/bin/docker', parameters, { stdio: 'pipe' });
}
