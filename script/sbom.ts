import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * `node script/sbom.ts FILE` writes a software bill of materials in CycloneDX: the packages in the
 * committed dist/. npm lists all that package-lock.json has; dist/licenses.txt says which are bundled.
 */
interface Bom {
  readonly metadata: { readonly component: { readonly 'bom-ref': string } };
  readonly components: readonly { readonly 'bom-ref': string }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const file = process.argv[2];
if (file === undefined) throw new Error('usage: node script/sbom.ts FILE');

const { stdout } = await promisify(execFile)(
  'npm',
  ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'],
  { maxBuffer: 64 * 1024 * 1024 },
);
const all: Bom = JSON.parse(stdout);
const licences = await readFile('dist/licenses.txt', 'utf8');
const bundled = new Set(
  [...licences.matchAll(/^(\S+) (\d\S*): /gm)].map(([, name, version]) => `${name}@${version}`),
);
const isBundled = (ref: string) => bundled.has(ref) || ref === all.metadata.component['bom-ref'];

const listed = new Set(all.components.map((component) => component['bom-ref']));
const unknown = [...bundled].filter((ref) => !listed.has(ref));
if (unknown.length > 0)
  throw new Error(`dist/licenses.txt names packages that npm does not: ${unknown.join(', ')}`);

const { name }: { name: string } = JSON.parse(await readFile('package.json', 'utf8'));
const bom = {
  ...all,
  metadata: { ...all.metadata, component: { ...all.metadata.component, name } },
  components: all.components.filter((component) => isBundled(component['bom-ref'])),
  dependencies: all.dependencies
    .filter(({ ref }) => isBundled(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(isBundled) })),
};
await writeFile(file, `${JSON.stringify(bom, null, 2)}\n`);
