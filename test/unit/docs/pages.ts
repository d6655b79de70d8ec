import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { actions } from '../../../src/inputs/actions/actions.ts';

export const root = join(import.meta.dirname, '../../..');

/** All pages for readers, relative to the root of the repository. */
export const pages: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'examples/ci/README.md',
  'examples/shop/README.md',
  ...globSync('docs/*.md', { cwd: root }).sort(),
  ...actions.flatMap(({ folder, page }) => (folder === '' ? [] : [page])),
];

export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The source of the action, file by file. */
export function source(): readonly string[] {
  return globSync('src/**/*.ts', { cwd: root }).map(read);
}

/** The headings of a page, without the # characters. */
export function headingsOf(page: string): readonly string[] {
  const outsideOfCode = read(page).replaceAll(/^```.*?^```$/gms, '');
  return [...outsideOfCode.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!);
}
