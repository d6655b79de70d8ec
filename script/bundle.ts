import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Plugin, build } from 'esbuild';
import { budgetProblems } from './budget.ts';
import { type Bundle, filesOf, packageOf } from './chunks.ts';

/**
 * `node script/bundle.ts FOLDER` bundles every entry point (src/*.ts) for the runner and npx into
 * FOLDER. Shared code goes into separate chunks. The same source and lock file give the same bytes.
 * docs/decisions.md explains why esbuild is used.
 */
const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: node script/bundle.ts FOLDER');

/** Parts of packages that ecs-ramp never calls. The comments name what the bundle saves. */
const NEVER_CALLED = [
  { module: /^ssh2$/, importer: /docker-modem/ }, // Engines over ssh: native code, 300 kB.
  { module: /^\.\/(session|buildkit)$/, importer: /dockerode/ }, // dockerode's BuildKit session: gRPC, .proto files.
  // 415 kB: Node's own fetch is used. With a proxy, an agent is created nevertheless.
  {
    module: /^undici$/,
    importer: /@actions\/(github|http-client)/,
    instead: 'module.exports = { ProxyAgent: class {} };',
  },
  // A copy of Node's streams for old engines: 41 kB.
  {
    module: /^readable-stream$/,
    importer: /docker-modem|\/bl\/|tar-stream/,
    instead: "module.exports = require('node:stream');",
  },
  // What the client of Docker's engine prints if DEBUG is set: 7 kB.
  { module: /^debug$/, importer: /docker-modem/, instead: 'module.exports = () => () => {};' },
  { module: /^bowser$/, importer: /util-user-agent-browser/ }, // The user agent of a browser: 34 kB.
  { module: /\/oidc-utils\.js$/, importer: /@actions\/core/ }, // getIDToken: undici, 430 kB to parse at every start.
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

/**
 * The SDK's schemas have computed keys such as `[_xN]:`, behind which esbuild must expect side effects.
 * With the keys themselves it leaves out what no call needs: of client-ec2, 547 kB of 552 kB.
 */
const plainKeys: Plugin = {
  name: 'plain-keys',
  setup(build) {
    build.onLoad({ filter: /@aws-sdk\/client-ec2\/.*\/schemas_\d+\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const constants = new Map(
        [...text.matchAll(/^const (_\w+) = ("[^"]*");$/gm)].map(([, name, value]) => [name, value]),
      );
      const contents = text.replace(/\[(_\w+)\]: /g, (all, name: string) =>
        constants.has(name) ? `${constants.get(name)}: ` : all,
      );
      return { contents, loader: 'js' };
    });
  },
};

/** The names of all calls of GitHub's API, reduced to those that src/ makes: 83 kB less. */
const usedEndpoints: Plugin = {
  name: 'used-endpoints',
  setup(build) {
    build.onLoad({ filter: /plugin-rest-endpoint-methods\/.*\/endpoints\.js$/ }, async ({ path }) => {
      const { default: all }: { default: Endpoints } = await import(path);
      return { contents: `export default ${JSON.stringify(await used(all))};`, loader: 'js' };
    });
  },
};

type Endpoints = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The endpoints that the code of ecs-ramp calls, as `api.SCOPE.METHOD(`. */
async function used(all: Endpoints): Promise<Endpoints> {
  const files = (await readdir('src', { recursive: true })).filter((file) => file.endsWith('.ts'));
  const texts = await Promise.all(files.map((file) => readFile(join('src', file), 'utf8')));
  const kept: Record<string, Record<string, unknown>> = {};
  for (const [, scope, method] of texts.join('\n').matchAll(/\bapi\.(\w+)\.(\w+)\(/g)) {
    const endpoint = all[scope!]?.[method!];
    if (endpoint !== undefined) (kept[scope!] ??= {})[method!] = endpoint;
  }
  return kept;
}

/**
 * Packages read their own version. The rest of a package.json weighs 30 kB, and changes of ours should
 * not change the bundle.
 */
const onlyVersions: Plugin = {
  name: 'only-versions',
  setup(build) {
    build.onLoad({ filter: /package\.json$/ }, async ({ path }) => {
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
  plugins: [leaveOut, plainKeys, usedEndpoints, onlyVersions],
});
const files = filesOf(result);
await Promise.all(files.map(({ name, text }) => writeFile(join(folder, name), text)));
await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
await writeFile(join(folder, 'licenses.txt'), await licences(result));
for (const problem of budgetProblems(files)) {
  console.error(problem);
  process.exitCode = 1;
}

/**
 * The licence of every package in the bundle, as shipped. Each text appears once, under all
 * packages that have it.
 */
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
  const text =
    file === undefined ? '(the package contains no licence text)' : await readFile(join(path, file), 'utf8');
  return { title: `${name} ${version}: ${license}`, text: text.trim().replaceAll('\r\n', '\n') };
}
