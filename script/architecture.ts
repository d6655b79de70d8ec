import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** An import, an `import type` or an `import()` of a file of this project. */
const IMPORT = /(?:\bfrom|\bimport\(|\bimport)\s*'(\.{1,2}\/[^']+\.ts)'/g;

/** The files directly in src, which the runner executes. */
const ENTRY = 'entry points';

/**
 * The imports between the directories of src as a Mermaid flowchart for docs/architecture.md.
 * Arrows that longer paths imply are omitted to keep the chart readable.
 */
export function architectureChart(root: string): string {
  const imports = importsBetweenWings(root);
  const arrows = [...imports].flatMap(([from, targets]) =>
    [...targets]
      .filter((to) => ![...targets].some((other) => other !== to && reaches(imports, other, to)))
      .map((to) => `  ${nodeOf(from)} --> ${nodeOf(to)}`),
  );
  const nodes = [...new Set([...imports.keys(), ...[...imports.values()].flatMap((to) => [...to])])];
  return [
    '```mermaid',
    'flowchart TD',
    ...nodes.sort().map((wing) => `  ${nodeOf(wing)}["${wing}"]`),
    ...arrows.sort(),
    '```',
  ].join('\n');
}

function importsBetweenWings(root: string): ReadonlyMap<string, ReadonlySet<string>> {
  const imports = new Map<string, Set<string>>();
  for (const file of globSync('src/**/*.ts', { cwd: root }).sort()) {
    const from = wingOf(file);
    const targets = imports.get(from) ?? new Set();
    imports.set(from, targets);
    for (const [, path] of readFileSync(join(root, file), 'utf8').matchAll(IMPORT)) {
      const to = wingOf(normalize(join(dirname(file), path!)));
      if (to !== from) targets.add(to);
    }
  }
  return imports;
}

function wingOf(file: string): string {
  const parts = file.split('/');
  return parts.length === 2 ? ENTRY : parts[1]!;
}

/** Requires imports without cycles, which the linter ensures. */
function reaches(imports: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const next = imports.get(from) ?? new Set();
  return next.has(to) || [...next].some((wing) => reaches(imports, wing, to));
}

const nodeOf = (wing: string): string => wing.replaceAll(' ', '_');
