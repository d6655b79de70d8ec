/** How long actions take to start: whole processes without inputs, in relation to bare Node. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface Started {
  readonly name: string;
  /** Median of all runs. */
  readonly milliseconds: number;
  /** Median of the ratios to bare Node in the same round. */
  readonly ratio: number;
}

const ROOT = join(import.meta.dirname, '../..');
const LIMIT = 30_000;

/**
 * `peers`: a folder with a folder for each other action, with its action.yml and dist/; `null` for
 * none.
 */
export async function measureStart(rounds: number, peers: string | null): Promise<readonly Started[]> {
  const commands = new Map<string, readonly string[]>([
    ['node', ['-e', '0']],
    ['ecs-ramp', [join(ROOT, 'dist/main.js')]],
    ['ecs-ramp/build', [join(ROOT, 'dist/build.js')]],
    ['ecs-ramp --help', [join(ROOT, 'dist/cli.js'), '--help']],
    ...(await Promise.all((peers === null ? [] : readdirSync(peers)).map((name) => peer(peers!, name)))),
  ]);
  const took = new Map([...commands.keys()].map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, command] of commands) took.get(name)!.push(timeOf(command));
  }
  const bare = took.get('node')!;
  return [...took].map(([name, times]) => ({
    name,
    milliseconds: median(times),
    ratio: median(times.map((time, round) => time / bare[round]!)),
  }));
}

async function peer(folder: string, name: string): Promise<readonly [string, readonly string[]]> {
  const manifest = join(folder, name, 'action.yml');
  if (!existsSync(manifest)) throw new Error(`${manifest} is missing: expected the folder of an action.`);
  const { runs }: { runs: { main: string } } = parse(await readFile(manifest, 'utf8'));
  return [name, [join(folder, name, runs.main)]];
}

function timeOf(command: readonly string[]): number {
  const began = performance.now();
  spawnSync(process.execPath, command, { env: RUNNER, stdio: 'ignore', timeout: LIMIT });
  return performance.now() - began;
}

/** Actions read these variables before their inputs. */
const RUNNER = {
  PATH: process.env.PATH,
  HOME: homedir(),
  GITHUB_ACTIONS: 'true',
  GITHUB_REPOSITORY: 'example/shop',
  RUNNER_TEMP: tmpdir(),
};

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}
