import { basename, extname } from 'node:path';
import type { BuildResult } from 'esbuild';

export type Bundle = BuildResult<{ metafile: true; write: false }>;

export interface BundledFile {
  readonly name: string;
  readonly text: string;
}

const REQUIRE = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";
const WITH_NAMES = /(?:import|export)\{[^}]*\}from"\.\/([^"]+)";/g;
const WITHOUT_NAMES = /import"\.\/([^"]+)";/g;
const LATER = /import\("\.\/([^"]+)"\)/g;

/**
 * The output of esbuild as files for dist/: chunks with readable names, without imports that have
 * no effect. CommonJS packages call `require` for Node's modules, so files that call it define it.
 */
export function filesOf({ outputFiles, metafile }: Bundle): BundledFile[] {
  const names = new Map(
    Object.entries(metafile.outputs).map(([path, { inputs, entryPoint }]) => {
      const largest = Object.entries(inputs).toSorted(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)[0];
      return [basename(path), readableName(basename(path), entryPoint ?? largest?.[0] ?? 'runtime')];
    }),
  );
  const files = outputFiles.map(({ path, text }) => ({
    name: names.get(basename(path))!,
    text: text.trim().replaceAll(/[\w-]+-[A-Z0-9]{8}\.js/g, (name) => names.get(name) ?? name),
  }));
  return withoutNeedlessImports(files)
    .filter(({ text }) => text !== '')
    .map(({ name, text }) => ({ name, text: `${/\brequire\b/.test(text) ? REQUIRE + text : text}\n` }));
}

/**
 * The folder of the package that a path in node_modules belongs to; undefined for a file of this
 * project.
 */
export function packageOf(path: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

/**
 * `client-ecs-HASH.js`, `story-HASH.js` for src/report/story.ts. Entry points keep their names.
 */
function readableName(file: string, module: string): string {
  const hash = /-[A-Z0-9]{8}\.js$/.exec(file)?.[0];
  if (hash === undefined) return file;
  return `${packageOf(module)?.split('/').at(-1) ?? basename(module, extname(module))}${hash}`;
}

/** The files that an entry point loads before its first line runs, with itself. */
export function loadedAtStart(files: readonly BundledFile[], entry: string): readonly BundledFile[] {
  return reachedFrom(files, entry, [WITH_NAMES, WITHOUT_NAMES]);
}

/** The files that an entry point may ever load, with itself. */
export function everLoaded(files: readonly BundledFile[], entry: string): readonly BundledFile[] {
  return reachedFrom(files, entry, [WITH_NAMES, WITHOUT_NAMES, LATER]);
}

function reachedFrom(
  files: readonly BundledFile[],
  entry: string,
  imports: readonly RegExp[],
): readonly BundledFile[] {
  const texts = new Map(files.map(({ name, text }) => [name, text]));
  const reached = new Set([entry]);
  for (const name of reached) {
    const text = texts.get(name) ?? '';
    for (const pattern of imports) for (const [, file] of text.matchAll(pattern)) reached.add(file!);
  }
  return files.filter(({ name }) => reached.has(name));
}

/**
 * esbuild makes each file import every chunk that it may reach. Removes imports of chunks that are
 * empty or that other imports of the file reach.
 */
function withoutNeedlessImports(files: readonly BundledFile[]): BundledFile[] {
  const imports = new Map(
    files.map(({ name, text }) => [name, [...text.matchAll(WITH_NAMES)].map((match) => match[1]!)]),
  );
  const empty = new Set(files.flatMap(({ name, text }) => (text === '' ? [name] : [])));
  return files.map(({ name, text }) => {
    const reached = new Set<string>(imports.get(name));
    for (const file of reached) for (const next of imports.get(file) ?? []) reached.add(next);
    return {
      name,
      text: text.replaceAll(WITHOUT_NAMES, (statement, file: string) =>
        reached.has(file) || empty.has(file) ? '' : statement,
      ),
    };
  });
}
