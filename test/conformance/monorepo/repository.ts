import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { SHOP } from '../../../examples/stack.ts';

const execute = promisify(execFile);

/** A git repository with the example shop, on a server of this machine. */
export interface ShopRepository {
  /** Commits the changes on a branch and pushes it. Returns the commits before and after. */
  push(branch: string, changes: Changes): Promise<Pushed>;
  /** A checkout like that of actions/checkout: one commit without history, and the remote. */
  checkout(branch: string, commit: string): Promise<string>;
}

/** Functions that change the texts of files. */
export type Changes = Readonly<Record<string, (text: string) => string>>;

export interface Pushed {
  readonly before: string;
  readonly after: string;
}

export const MAIN = 'master';

/** Additions to the shop's ecs-ramp.yml. */
export interface Settings {
  readonly defaults?: Readonly<Record<string, unknown>>;
  readonly services?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** `workflows`: additional workflows by file name. */
export async function createShopRepository(
  folder: string,
  {
    settings: { defaults, services = {} },
    workflows,
  }: {
    readonly settings: Settings;
    readonly workflows: Readonly<Record<string, string>>;
  },
): Promise<ShopRepository> {
  const server = join(folder, 'server.git');
  const work = join(folder, 'work');
  const commit = async (message: string) => {
    await git(work, 'add', '--all');
    await git(work, 'commit', '--quiet', '--message', message);
    return git(work, 'rev-parse', 'HEAD');
  };

  await mkdir(folder, { recursive: true });
  await git(folder, 'init', '--quiet', '--bare', '--initial-branch', MAIN, server);
  // As on GitHub: the commit before a push is fetched by its hash.
  await git(server, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  await git(folder, 'clone', '--quiet', server, work);
  await cp(SHOP, work, { recursive: true });
  const config = parse(await readFile(join(work, 'ecs-ramp.yml'), 'utf8'));
  Object.assign(config.defaults, defaults);
  for (const [name, settings] of Object.entries(services)) Object.assign(config.services[name], settings);
  await writeFile(join(work, 'ecs-ramp.yml'), stringify(config));
  for (const [name, workflow] of Object.entries(workflows)) {
    await writeFile(join(work, '.github/workflows', name), workflow);
  }
  await commit('The shop');
  await git(work, 'push', '--quiet', 'origin', `HEAD:${MAIN}`);

  return {
    async push(branch, changes) {
      const before = await git(work, 'rev-parse', 'HEAD');
      await git(work, 'checkout', '--quiet', '-B', branch);
      for (const [name, change] of Object.entries(changes)) {
        const file = join(work, name);
        await writeFile(file, change(await readFile(file, 'utf8')));
      }
      const after = await commit(Object.keys(changes).join(', '));
      await git(work, 'push', '--quiet', 'origin', `HEAD:${branch}`);
      return { before, after };
    },
    async checkout(branch, commit) {
      const clone = await mkdtemp(join(folder, 'checkout-'));
      await git(clone, 'init', '--quiet');
      await git(clone, 'remote', 'add', 'origin', `file://${server}`);
      await git(clone, 'fetch', '--quiet', '--depth', '1', 'origin', commit);
      await git(clone, 'checkout', '--quiet', '-B', branch, 'FETCH_HEAD');
      return clone;
    },
  };
}

async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const identity = ['-c', 'user.name=anna', '-c', 'user.email=anna@example.com'];
  const { stdout } = await execute('git', [...identity, ...args], { cwd: folder });
  return stdout.trim();
}
