import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Plugin, build } from 'esbuild';
import { type Bundle, filesOf, packageOf } from './chunks.ts';

/**
 * Bundles every entry point (src/*.ts), which the runner or npx executes, with what they share in chunks of its own. `node script/bundle.ts FOLDER`
 * writes it there; the same source and lock file give the same bytes. Why esbuild, and what it costs: docs/decisions.md.
 */
const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: node script/bundle.ts FOLDER');

/** Parts of packages that ecs-ramp never calls, and what they would bring into the bundle. */
const NEVER_CALLED = [
  { module: /^ssh2$/, importer: /docker-modem/ }, // an engine over ssh: native code, 300 kB
  { module: /^\.\/(session|buildkit)$/, importer: /dockerode/ }, // dockerode's own BuildKit session: gRPC, .proto files
  // fetch is Node's own, 415 kB; an agent is made all the same where a proxy is set
  {
    module: /^undici$/,
    importer: /@actions\/(github|http-client)/,
    instead: 'module.exports = { ProxyAgent: class {} };',
  },
  { module: /\/oidc-utils\.js$/, importer: /@actions\/core/ }, // getIDToken: undici, 430 kB that every start would parse
];

const leaveOut: Plugin = {
  name: 'leave-out',
  setup(build) {
    for (const { module, importer, instead = 'module.exports = {};' } of NEVER_CALLED) {
      build.onResolve({ filter: module }, (wanted) =>
        importer.test(wanted.importer)
          ? { path: wanted.path, namespace: 'left-out', pluginData: instead }
          : null,
      );
    }
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ pluginData }: { pluginData: string }) => ({
      contents: pluginData,
    }));
  },
};

/** Only the version is read from our package.json: the rest of it must not change the bundle. */
const ownVersion: Plugin = {
  name: 'own-version',
  setup(build) {
    const own = resolve('package.json');
    build.onLoad({ filter: /package\.json$/ }, async ({ path }) => {
      if (path !== own) return null;
      const { version }: { version: string } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const result = await build({
  entryPoints: (await readdir('src'))
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => `src/${name}`),
  outdir: folder,
  write: false,
  bundle: true,
  platform: 'node',
  mainFields: ['module', 'main'],
  target: 'node24',
  format: 'esm',
  splitting: true,
  chunkNames: '[name]-[hash]',
  minify: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  plugins: [leaveOut, ownVersion],
});
await Promise.all(filesOf(result).map(({ name, text }) => writeFile(join(folder, name), text)));
await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
await writeFile(join(folder, 'licenses.txt'), await licences(result));

/** The licence of every package that is in the bundle, as its authors ship it; each text once, under all that have it. */
async function licences({ metafile }: Bundle): Promise<string> {
  const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const packages = new Set(bundled.flatMap((path) => packageOf(path) ?? []));
  const all = await Promise.all([...packages].sort().map(licence));
  const groups = Map.groupBy(all, ({ text }) => text);
  return [...groups]
    .map(([text, owners]) => `${owners.map(({ title }) => title).join('\n')}\n\n${text}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

async function licence(path: string): Promise<{ readonly title: string; readonly text: string }> {
  const { name, version, license }: Record<string, string> = JSON.parse(
    await readFile(join(path, 'package.json'), 'utf8'),
  );
  const file = (await readdir(path)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '(its package brings no text)' : await readFile(join(path, file), 'utf8');
  return { title: `${name} ${version}: ${license}`, text: text.trim().replaceAll('\r\n', '\n') };
}
