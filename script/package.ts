import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * `node script/package.ts FOLDER` writes the npm package for `npx ecs-ramp` from the committed
 * dist/. It has no dependencies, so that a command in an emergency requires only one small
 * download.
 */
const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: node script/package.ts FOLDER');

const own: Readonly<Record<string, unknown>> = JSON.parse(await readFile('package.json', 'utf8'));
const { name, version, description, license, repository, type, bin, engines } = own;

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
for (const part of ['dist', 'ecs-ramp.schema.json', 'README.md', 'LICENSE']) {
  await cp(part, join(folder, part), { recursive: true });
}
const manifest = { name, version, description, license, repository, type, bin, engines };
await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
