// What a pull request can write must not cost more than a second, whatever it is. Processor time is
// measured, which other work on the machine does not lengthen.
import { expect, test } from '@jest/globals';
import { parseTaskDefinition } from '../../../src/core/task-definition/parse.ts';
import { plainText, printable } from '../../../src/core/plain-text.ts';
import { looksSecret, withoutSecrets } from '../../../src/core/secrecy/secret-text.ts';
import { globMatches } from '../../../src/image/context/patterns.ts';
import { parseDockerfile } from '../../../src/image/dockerfile.ts';
import { inspectConfig } from '../../../src/inputs/config/read-config.ts';
import * as definitions from '../../../src/inputs/definitions.ts';
import { code, escaped } from '../../../src/report/markdown.ts';

const LENGTH = 10_000;
/** Milliseconds of the processor. */
const LIMIT = 1_000;

/** Texts that repeat one of these are what patterns and parsers stumble over. */
const UNITS = [
  'a',
  '*',
  '**/',
  '/',
  '.',
  '-',
  '=',
  ' ',
  '\n',
  '[',
  '{',
  '(',
  '\\',
  '"',
  "'",
  '#',
  '@',
  ':',
  '%',
  '$',
  '&a ',
  '*a',
  '- ',
  'a: ',
  'a=b\n',
  'a,',
  '{a: ',
  '<<: ',
  '&a [*a,',
  '{{',
  '${',
  '[a-',
  '://',
  'http://a@',
  'a*',
  'aB3$',
  '10,',
  '0 webhook 1m http://x\n',
  'FROM a\n',
  'RUN \\\n',
  '\u001b[',
  'password=',
  'AKIA',
  'a.b.',
];
const texts = UNITS.flatMap((unit) => {
  const text = unit.repeat(LENGTH / unit.length + 1).slice(0, LENGTH);
  return [text, `${text.slice(1)}\0`];
});

const readers: [string, (text: string) => unknown][] = [
  ['ecs-ramp.yml', (text) => inspectConfig(text, 'ecs-ramp.yml')],
  ['a setting of a service', (text) => inspectConfig(`services:\n  web: ${text}\n`, 'ecs-ramp.yml')],
  [
    'a path in ecs-ramp.yml',
    (text) => inspectConfig(`services: {web: {paths: [${JSON.stringify(text)}]}}`, 'ecs-ramp.yml'),
  ],
  ['.dockerignore', (text) => globMatches(text, 'a/'.repeat(2_000))],
  ['a Dockerfile', parseDockerfile],
  ['a task definition', parseTaskDefinition],
  ['a line of a log', (text) => [plainText(text), printable(text), withoutSecrets(text), looksSecret(text)]],
  ['a commit message', (text) => [escaped(text, LENGTH), code(text, LENGTH)]],
];
for (const [name, { type }] of Object.values(definitions).flatMap((group) => Object.entries(group)))
  readers.push([`the input ${name}`, (text) => type.parse(text)]);

test.each(readers)('%s of 10 kB costs less than a second', (_, read) => {
  for (const text of texts) {
    const begun = process.cpuUsage();
    try {
      read(text);
    } catch {
      // Most of these texts are refused.
    }
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1_000).toBeLessThan(LIMIT);
  }
});
