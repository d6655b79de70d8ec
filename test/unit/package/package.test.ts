import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import manifest from '../../../package.json' with { type: 'json' };

const run = promisify(execFile);

/** Outside of the repository, so that nothing of its node_modules is found. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecs-ramp-package-'));
  await run(process.execPath, ['script/package.ts', folder]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('what is published runs by itself, without a single package beside it', async () => {
  const published: Record<string, unknown> = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  expect(published).toMatchObject({ name: 'ecs-ramp', version: manifest.version, license: 'MIT' });
  expect(Object.keys(published)).not.toContain('dependencies');
  expect(Object.keys(published)).not.toContain('private');
  const { stdout } = await run(
    process.execPath,
    [join(folder, manifest.bin['ecs-ramp']), 'policy', '--help'],
    {
      cwd: folder,
    },
  );
  expect(stdout).toContain('Usage: ecs-ramp policy');
});
