import { expect, test } from '@jest/globals';
import { STORIES } from '../../conformance/assumptions/stories.ts';
import { read } from '../docs/pages.ts';

const checks = STORIES.flatMap((story) => story.checks);
const entries = read('docs/assumptions.md')
  .split(/^(?=- \*\*|#)/m)
  .filter((block) => block.startsWith('- **'))
  .map((block): [string, string] => [/^- \*\*(.+?)\*\*/s.exec(block)![1]!, block]);

test.each(entries)('%s: the assumption has one check, or says why it has none', (_, entry) => {
  expect(entry.match(/^ {2}(Check: `[a-z0-9-]+`\.|No check: .+)/gm)).toHaveLength(1);
});

const WITNESSES = new Set([
  "AWS's documentation",
  "the SDK's types",
  "AWS's service reference data",
  "Terraform's tests",
]);

test('whoever has seen an assumption is one of the witnesses that the page names', () => {
  const seen = entries.flatMap(([, entry]) => entry.match(/(?<=^ {2}Seen by: ).+(?=\.$)/gm) ?? []);
  expect(seen.length).toBeGreaterThan(5);
  expect(seen.flatMap((names) => names.split(', ')).filter((name) => !WITNESSES.has(name))).toEqual([]);
});

test('every check is of an assumption, and of one story only', () => {
  const named = entries.flatMap(([, entry]) => [...entry.matchAll(/Check: `([^`]+)`/g)].map(([, id]) => id));
  expect(named).toHaveLength(checks.length);
  expect(new Set(named)).toEqual(new Set(checks));
  expect(new Set(checks).size).toBe(checks.length);
});
