import { type BundledFile, loadedAtStart } from './chunks.ts';

/**
 * How much JavaScript dist/ may have, in bytes, and how much of it an entry point may load before its
 * first line runs. Raise a limit only on purpose: each job downloads all of it and parses the latter.
 */
const MOST = 1_500_000;
const MOST_AT_START = 110_000;

/** The limits that the bundle exceeds, in words; empty if it keeps them. Pure. */
export function budgetProblems(files: readonly BundledFile[]): readonly string[] {
  const all = bytesOf(files);
  const starts = files
    .filter(isEntry)
    .map(({ name }) => ({ name, bytes: bytesOf(loadedAtStart(files, name)) }));
  return [
    ...(all > MOST
      ? [`dist/ has ${inWords(all)} of JavaScript: more than its budget of ${inWords(MOST)}.`]
      : []),
    ...starts
      .filter(({ bytes }) => bytes > MOST_AT_START)
      .map(
        ({ name, bytes }) =>
          `${name} loads ${inWords(bytes)} at its start: more than its budget of ${inWords(MOST_AT_START)}. Load what only some jobs need with import().`,
      ),
  ];
}

/** Chunks have a hash in their names. */
export function isEntry({ name }: BundledFile): boolean {
  return !/-[A-Z0-9]{8}\.js$/.test(name);
}

export function bytesOf(files: readonly BundledFile[]): number {
  return files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
}

function inWords(bytes: number): string {
  return `${bytes.toLocaleString('en-US')} bytes`;
}
