import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const EXPORTED =
  /^export (?:async )?(?:abstract )?(?:function\*?|const|let|class|interface|type|enum) (\w+)/gm;

test('each exported name of src is defined in one file only, so that it means one thing', () => {
  const files = new Map<string, Set<string>>();
  for (const file of globSync('src/**/*.ts', { cwd: root })) {
    for (const [, name] of readFileSync(join(root, file), 'utf8').matchAll(EXPORTED)) {
      files.set(name!, (files.get(name!) ?? new Set()).add(file));
    }
  }
  expect(files.size).toBeGreaterThan(500);
  expect([...files].filter(([, defining]) => defining.size > 1)).toEqual([]);
});
