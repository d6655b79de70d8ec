import { expect, test } from '@jest/globals';
import { headingsOf, read, source } from './pages.ts';

const code = source().join('\n');

/** Headings in backticks are parts of messages. */
const quoted = headingsOf('docs/troubleshooting.md').flatMap(
  (heading) => /^`(.+)`$/.exec(heading)?.[1] ?? [],
);

test.each(quoted)('the source contains the message "%s"', (message) => {
  expect(code.includes(message)).toBe(true);
});

test('every outcome has a section, and a row in the README', () => {
  const names = /type OutcomeName = (.+);/.exec(code)?.[1]?.match(/[\w-]+/g);
  expect(names).toHaveLength(5);
  const sections = headingsOf('docs/outcomes.md').flatMap((heading) => /^`(.+)`$/.exec(heading)?.[1] ?? []);
  const rows = [...read('README.md').matchAll(/^\| `([a-z-]+)` +\| (?:green|red)/gm)].map(([, name]) => name);
  expect([...sections].sort()).toEqual([...names!].sort());
  expect(rows).toEqual(sections);
});
