/** The size of dist/, and of the dist/ of other actions. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

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
