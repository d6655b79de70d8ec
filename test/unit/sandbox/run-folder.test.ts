import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { claimRunFolder } from '../../../sandbox/run-folder.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ecs-ramp-folders-'));
});
afterEach(() => rm(directory, { recursive: true }));

test('a run folder has one owner, however many come and go at the same time', async () => {
  const owned = new Set<string>();
  const problems: string[] = [];
  const comeAndGo = async () => {
    for (let time = 0; time < 10; time += 1) {
      const folder = await claimRunFolder(directory);
      const { path } = folder;
      if (owned.has(path)) problems.push(`${path} was given to two`);
      owned.add(path);
      await writeFile(join(path, 'something'), '');
      await turn();
      if (!existsSync(join(path, 'owner'))) problems.push(`${path} was taken away from its owner`);
      owned.delete(path);
      await folder.remove();
    }
  };
  await Promise.all(Array.from({ length: 16 }, comeAndGo));
  expect(problems).toEqual([]);
});
