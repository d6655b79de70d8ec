// Settings and arbitrary values for property-based tests (fast-check).
import { jest } from '@jest/globals';
import * as fc from 'fast-check';

/** FUZZ_RUNS=100000: more runs, with a random seed. FUZZ_SEED=17: repeats a seed. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 0);
const SEED = process.env['FUZZ_SEED'];
const USUAL_SEED = 20_261_121;

if (RUNS > 0) jest.setTimeout(24 * 60 * 60 * 1_000);

/**
 * Parameters of a property: `runs` runs with a fixed seed, unless FUZZ_RUNS or FUZZ_SEED is set.
 * A failure prints its seed.
 */
export function fuzzing(runs: number): fc.Parameters<unknown> {
  if (RUNS === 0 && SEED === undefined) return { numRuns: runs, seed: USUAL_SEED };
  return { numRuns: RUNS || runs, ...(SEED !== undefined && { seed: Number(SEED) }) };
}

const NASTY = [
  '',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '\r',
  '\0',
  '\u2028',
  '\u2029',
  '\u0085',
  '\u00a0',
  '\ufeff',
  '\u202e',
  '\u200b',
  '\u001b[31m',
  '\ud800',
  '\uff15',
  '\u0665',
  'é',
  '💥',
  '"',
  '""',
  "'",
  '`',
  '$',
  '\\',
  '=',
  '==',
  ',',
  ';',
  ':',
  '::',
  '/',
  '//',
  '..',
  '../',
  './',
  '-',
  '--',
  '%',
  '#',
  '##[error]',
  '::error::',
  '0',
  '1',
  '-1',
  '1e3',
  '1e999',
  '0x10',
  '1_000',
  '1,5',
  '.5',
  '5.',
  'NaN',
  'Infinity',
  '9'.repeat(30),
  'true',
  'True',
  'yes',
  'on',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  'toString',
  '{}',
  '[]',
  '5m',
  '90s',
  '1h30m',
  '10%',
  '100',
  '10,30,100',
  'sha256:',
  'arn:aws:ecs:',
  'http://',
  '/health 200 x3',
  'KEY=value',
  'KEY',
  'KEY=',
  '=value',
  '{revision}',
  'x'.repeat(300),
  'y'.repeat(5_000),
];

/**
 * Texts that often break parsers: runner commands, invisible characters, unusual number formats,
 * paths that leave a folder.
 */
export const nastyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...NASTY),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.string({ maxLength: 8 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));
