/**
 * How long builds take: dist/build.js as a workflow runs it, in turns with the docker command, with the
 * same engine and the same registry.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine } from '../../sandbox/engine/engine.ts';
import { docker } from '../support/docker.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { median } from './start.ts';

export interface BuildTimes {
  readonly name: string;
  /** Seconds, the median of all rounds. `null` where Docker has nothing like it. */
  readonly docker: number | null;
  readonly ours: number;
  /** Of ours to the docker command's, the median of the ratios of each round. */
  readonly ratio: number | null;
  /** Of ours to the time in which the docker command builds and pushes everything. */
  readonly ofEverything: number;
}

/** `megabytes`: of the context. */
export async function measureBuilds(rounds: number, megabytes: number): Promise<readonly BuildTimes[]> {
  const engine = await startEngine();
  const registry = await startRegistry();
  const before = process.env['DOCKER_HOST'];
  process.env['DOCKER_HOST'] = engine.dockerHost;
  const context = mkdtempSync(join(tmpdir(), 'ecs-ramp-bench-'));
  try {
    docker('login', '--username', registry.username, '--password', registry.password, registry.host);
    fill(context, megabytes);
    return measure({ rounds, context, registry });
  } finally {
    rmSync(context, { recursive: true });
    docker('logout', registry.host);
    if (before === undefined) delete process.env['DOCKER_HOST'];
    else process.env['DOCKER_HOST'] = before;
    await registry.stop();
    await engine.close();
  }
}

const FOLDERS = ['a', 'b', 'c', 'd'] as const;
const ONE_LAYER = 'FROM scratch\nCOPY . /\n';
const FOUR_LAYERS = `FROM scratch\n${FOLDERS.map((each) => `COPY ${each} /${each}\n`).join('')}`;

/** Files of 64 kB: two thirds words, which can be compressed, and one third noise. */
function fill(context: string, megabytes: number): void {
  const words =
    randomBytes(4000)
      .toString('base64')
      .match(/.{1,7}/g) ?? [];
  for (const folder of FOLDERS) {
    mkdirSync(join(context, folder));
    for (let file = 0; file < megabytes * 4; file += 1) {
      const text = Array.from(randomBytes(6000), (byte, at) => words[(byte * 3 + at) % words.length]).join(
        ' ',
      );
      writeFileSync(
        join(context, folder, `${file}`),
        Buffer.concat([Buffer.from(text.slice(0, 43_000)), randomBytes(21_000)]),
      );
    }
  }
}

interface Setting {
  readonly rounds: number;
  readonly context: string;
  readonly registry: TestRegistry;
}

type Builder = 'docker' | 'ours';

function measure({ rounds, context, registry }: Setting): BuildTimes[] {
  const builders = { docker: withDocker, ours: withEcsRamp };
  const measured = new Map<string, Record<Builder, number[]>>();
  const time = (name: string, builder: Builder, reuse = false): void => {
    const times = measured.get(name) ?? { docker: [], ours: [] };
    measured.set(name, times);
    const began = performance.now();
    builders[builder](context, registry, { repository: `bench/${builder}`, reuse });
    times[builder].push((performance.now() - began) / 1000);
  };
  const change = (...folders: readonly string[]): void => {
    for (const folder of folders) writeFileSync(join(context, folder, 'changed'), randomUUID());
  };
  for (let round = 0; round < rounds; round += 1) {
    for (const [layers, dockerfile] of Object.entries({
      'one layer': ONE_LAYER,
      'four layers': FOUR_LAYERS,
    })) {
      writeFileSync(join(context, 'Dockerfile'), dockerfile);
      for (const builder of ['docker', 'ours'] as const) {
        docker('builder', 'prune', '--all', '--force');
        change(...FOLDERS);
        time(`everything, ${layers}`, builder);
        change('d');
        time(`one file changed, ${layers}`, builder);
        change('d');
        time(`another file changed, ${layers}`, builder);
      }
    }
    withEcsRamp(context, registry, { repository: 'bench/ours', reuse: true });
    time(BUILT_BEFORE, 'ours', true);
  }
  const everything = median(measured.get('everything, one layer')!.docker);
  return [...measured].map(([name, times]) => ({
    name,
    docker: times.docker.length === 0 ? null : median(times.docker),
    ours: median(times.ours),
    ratio:
      times.docker.length === 0 ? null : median(times.ours.map((each, round) => each / times.docker[round]!)),
    ofEverything: median(times.ours) / everything,
  }));
}

const BUILT_BEFORE = 'built before, reuse-image';

interface Build {
  readonly repository: string;
  readonly reuse: boolean;
}

function withDocker(context: string, { host }: TestRegistry, { repository }: Build): void {
  const name = `${host}/${repository}:${randomUUID()}`;
  for (const command of [
    ['build', '--tag', name, context],
    ['push', name],
  ]) {
    const { status, output } = docker(...command);
    if (status !== 0) throw new Error(output);
  }
}

function withEcsRamp(context: string, registry: TestRegistry, { repository, reuse }: Build): void {
  const inputs = {
    context,
    repository,
    tags: randomUUID(),
    registry: registry.host,
    'registry-username': registry.username,
    'registry-password': registry.password,
    'reuse-image': `${reuse}`,
  };
  const env = {
    ...process.env,
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: 'example/shop',
    RUNNER_TEMP: tmpdir(),
    ...Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
    ),
  };
  const built = spawnSync(process.execPath, [join(import.meta.dirname, '../../dist/build.js')], {
    env,
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(built.stdout + built.stderr);
}
