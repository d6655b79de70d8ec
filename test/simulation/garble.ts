// Changes answers of AWS at random: members are missing, empty, unknown, out of order or far too
// large, or there is no answer of AWS at all.
import type { Call } from '../support/direct-clients.ts';
import type { Chance } from './chance.ts';

export interface Garbler {
  /** The answer that the caller gets. Throws if that is an error. */
  readonly answer: (call: Call, output: unknown) => unknown;
  /** Descriptions of the changes, for failure messages. */
  readonly done: readonly string[];
}

export interface Garbling {
  /** How many answers to change. */
  readonly count: number;
  /** Only the first `among` answers are changed. */
  readonly among: number;
  /** `true`: also changes all later answers of the same operation in the same way. */
  readonly lasting: boolean;
}

export function createGarbler(chance: Chance, { count, among, lasting }: Garbling): Garbler {
  const at = new Set(Array.from({ length: count }, () => chance.whole(1, among)));
  const spoilers = new Map<string, (output: unknown) => unknown>();
  const done: string[] = [];
  let calls = 0;
  return {
    done,
    answer({ operation }, output) {
      calls += 1;
      if (at.has(calls)) {
        const spoil = spoilerOf(output, chance);
        done.push(`${calls} ${operation}: ${spoil.words}`);
        if (!lasting) return spoil.run(output);
        spoilers.set(operation, spoil.run);
      }
      return spoilers.get(operation)?.(output) ?? output;
    },
  };
}

interface Spoiler {
  readonly words: string;
  readonly run: (output: unknown) => unknown;
}

function spoilerOf(output: unknown, chance: Chance): Spoiler {
  if (chance.happens(0.1)) return noAnswer(chance);
  const places = [...placesIn(output)];
  const place = places.length > 0 ? chance.oneOf(...places) : null;
  if (place === null || chance.happens(0.03)) return { words: 'nothing in it', run: () => ({}) };
  const { words, change } = changeOf(place.value, chance);
  return {
    words: `${place.path.join('.')}: ${words}`,
    run: (output) => changed(output, place.path, change),
  };
}

/** Errors that the SDK throws for a proxy's page or a truncated answer. */
function noAnswer(chance: Chance): Spoiler {
  const status = chance.oneOf(200, 502, 503);
  const message = chance.oneOf(
    'Unexpected token \'<\', "<html><body><h1>503 Service Unavailable" is not valid JSON',
    'Unexpected end of JSON input',
    `char '&' is not expected.:1:1\n::error::${'x'.repeat(2_000)}`,
  );
  return {
    words: `HTTP ${status} ${message.slice(0, 20)}`,
    run() {
      throw Object.assign(new Error(message), {
        name: 'SyntaxError',
        $metadata: { httpStatusCode: status },
        ...(status >= 500 && { $fault: 'server' }),
      });
    },
  };
}

type Path = readonly (string | number)[];

function* placesIn(value: unknown, path: Path = []): Generator<{ path: Path; value: unknown }> {
  if (path.length > 0) yield { path, value };
  if (typeof value !== 'object' || value === null || value instanceof Date) return;
  for (const [key, member] of Object.entries(value)) {
    yield* placesIn(member, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

type Change = (value: unknown) => unknown;

function changeOf(value: unknown, chance: Chance): { readonly words: string; readonly change: Change } {
  if (chance.happens(0.3)) return { words: 'missing', change: () => undefined };
  if (Array.isArray(value)) {
    return chance.oneOf<{ words: string; change: Change }>(
      { words: 'empty', change: (list) => (Array.isArray(list) ? [] : list) },
      { words: 'the other way round', change: (list) => (Array.isArray(list) ? list.toReversed() : list) },
      { words: 'all twice', change: (list) => (Array.isArray(list) ? [...list, ...list] : list) },
      { words: 'the first alone', change: (list) => (Array.isArray(list) ? list.slice(0, 1) : list) },
    );
  }
  if (value instanceof Date) return to(new Date(chance.oneOf(0, 8.64e15, Date.UTC(2099, 1, 1))));
  switch (typeof value) {
    case 'string':
      return to(
        chance.oneOf(
          '',
          'SOMETHING_NEW',
          `${value}x`,
          '::error::\n##[error]x',
          'x'.repeat(100_000),
          '\0',
          '{}',
        ),
      );
    case 'number':
      return to(chance.oneOf(0, -1, 0.5, 1, 101, 2 ** 31 - 1));
    case 'boolean':
      return to(!value);
    default:
      return { words: 'missing', change: () => undefined };
  }
}

const to = (value: unknown): { readonly words: string; readonly change: Change } => ({
  words: JSON.stringify(value).slice(0, 40),
  change: () => value,
});

/** A copy with a changed value at the path. Without such a path, the copy is unchanged. */
function changed(value: unknown, [key, ...rest]: Path, change: Change): unknown {
  if (key === undefined) return change(value);
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return value;
  const member = changed(Object.entries(value).find(([name]) => name === String(key))?.[1], rest, change);
  if (Array.isArray(value)) {
    return value.flatMap((entry: unknown, index) =>
      index === key ? (member === undefined ? [] : [member]) : [entry],
    );
  }
  const others = Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  return member === undefined ? others : { ...others, [key]: member };
}
