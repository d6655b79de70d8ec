/** The size of dist/, and of the dist/ of other actions. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, isEntry } from '../../script/budget.ts';
import { everLoaded, loadedAtStart, type BundledFile } from '../../script/chunks.ts';

export interface Size {
  readonly name: string;
  readonly bytes: number;
  readonly files: number;
}

/** Only JavaScript counts: source maps and licences are not loaded. */
export function sizeOf(name: string, folder: string): Size {
  const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.[cm]?js$/.test(file),
  );
  const bytes = scripts.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
  return { name, bytes, files: scripts.length };
}

/** What an entry point of dist/ loads. */
export interface Loaded {
  readonly entry: string;
  readonly atStart: readonly BundledFile[];
  readonly ever: readonly BundledFile[];
}

export function loadedByEntries(folder: string): readonly Loaded[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
  return files.filter(isEntry).map(({ name }) => ({
    entry: name,
    atStart: loadedAtStart(files, name),
    ever: everLoaded(files, name),
  }));
}

/** The chunks of an entry point without their hashes, the largest first, in kB. */
export function chunkList({ ever, atStart }: Loaded): string {
  return ever
    .map((file) => ({ name: file.name.replace(/-[A-Z0-9]{8}(?=\.js$)/, ''), bytes: bytesOf([file]), file }))
    .toSorted((a, b) => b.bytes - a.bytes)
    .map(({ name, bytes, file }) => `${name} ${(bytes / 1e3).toFixed(1)}${atStart.includes(file) ? '*' : ''}`)
    .join(', ');
}
