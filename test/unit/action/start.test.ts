import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../../..');

/** Packages that a file loads with static imports, and the path of imports to each. */
function loadedWith(
  file: string,
  seen = new Map<string, string>(),
  path = file,
): ReadonlyMap<string, string> {
  const text = readFileSync(join(root, file), 'utf8');
  const imports = text.matchAll(/^(?:import|export) (?!type )(?:[^'";]*? from )?'([^']+)'/gm);
  for (const [, from] of imports) {
    const target = from!.startsWith('.') ? join(dirname(file), from!) : from!;
    if (seen.has(target)) continue;
    seen.set(target, path);
    if (target.endsWith('.ts')) loadedWith(target, seen, `${path} > ${target}`);
  }
  return seen;
}

test.each(readdirSync(join(root, 'src')).filter((name) => name.endsWith('.ts')))(
  '%s starts without loading AWS, Docker, GitHub or YAML code, so that wrong inputs are reported quickly',
  (entry) => {
    const heavy = [...loadedWith(`src/${entry}`)].filter(([name]) =>
      /^(?:@aws-sdk|@smithy|@actions\/github|dockerode|yaml|picomatch)/.test(name),
    );
    expect(heavy).toEqual([]);
  },
);
