import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { InvalidRecording, readRecording } from '../../../src/judge/read-recording.ts';
import { judge } from '../../../src/judge/judge.ts';
import { changesBetween } from '../../../src/aws/task-definition/compare.ts';
import { InvalidTaskDefinition } from '../../../src/core/task-definition/invalid.ts';
import { checkMembers } from '../../../src/aws/task-definition/members.ts';
import { parseTaskDefinition } from '../../../src/core/task-definition/parse.ts';
import { render } from '../../../src/aws/task-definition/render.ts';
import { FARGATE } from '../aws/task-definition/described.ts';
import { fuzzing, nastyText } from '../../support/fuzzing.ts';

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  nastyText,
  fc.constantFrom<unknown>(null, [], {}, [[]], [null], '', 0, -1, 0.5, 1e308, true, false, {
    __proto__: null,
  }),
);

/** A document with something in it replaced, removed, doubled or added. */
function mutated(document: unknown): fc.Arbitrary<unknown> {
  return fc.tuple(fc.nat(), fc.nat({ max: 3 }), anything).map(([at, kind, value]) => {
    const copy: unknown = structuredClone(document);
    const places = [...placesIn(copy)];
    const place = places[at % places.length];
    if (place === undefined) return value;
    const { holder, key } = place;
    if (kind === 0) Reflect.deleteProperty(holder, key);
    else if (kind === 1) Reflect.set(holder, key, value);
    else if (kind === 2) Reflect.set(holder, key, [Reflect.get(holder, key), Reflect.get(holder, key)]);
    else Reflect.set(holder, `${key}x`, value);
    // A file has no holes in its lists.
    return JSON.parse(JSON.stringify(copy));
  });
}

function* placesIn(value: unknown): Generator<{ readonly holder: object; readonly key: string }> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    yield { holder: value, key };
    yield* placesIn(member);
  }
}

/** With what a registration must have. */
const complete = ({ family = 'web', containerDefinitions = [], ...others }: typeof FARGATE) => ({
  ...others,
  family,
  containerDefinitions,
});

describe('task definitions', () => {
  const written = fc.oneof(
    anything.map((value) => JSON.stringify(value)),
    mutated(FARGATE).map((value) => JSON.stringify(value)),
    nastyText,
    fc.nat().map((length) => JSON.stringify(FARGATE).slice(0, length % 2_000)),
  );
  const settings = { image: 'new', environmentVariables: { LEVEL: 'debug' }, secrets: {} };

  test('any text is a task definition that can be rendered and compared, or invalid in words', async () => {
    await fc.assert(
      fc.asyncProperty(written, async (text) => {
        try {
          const definition = parseTaskDefinition(text ?? '');
          await checkMembers(definition);
          const { input } = render({
            current: FARGATE,
            tags: [],
            file: definition,
            containerName: null,
            ...settings,
          });
          expect(changesBetween(input, input)).toEqual([]);
          const again = render({ current: FARGATE, tags: [], file: input, containerName: null, ...settings });
          expect(again.input).toEqual(input);
        } catch (error) {
          if (!(error instanceof InvalidTaskDefinition)) throw error;
          expect(error.message.length).toBeLessThan(20_000);
        }
      }),
      fuzzing(400),
    );
  });

  test('a difference that matters to nobody but ECS is found wherever it is', () => {
    const places = [...placesIn(FARGATE)].filter(
      ({ holder, key }) => typeof Reflect.get(holder, key) === 'string',
    );
    expect(places.length).toBeGreaterThan(10);
    for (const index of places.keys()) {
      const changed = structuredClone(FARGATE);
      const { holder, key } = [...placesIn(changed)].filter(
        ({ holder, key }) => typeof Reflect.get(holder, key) === 'string',
      )[index]!;
      Reflect.set(holder, key, `${String(Reflect.get(holder, key))}x`);
      expect([key, changesBetween(complete(FARGATE), complete(changed)).length > 0]).toEqual([key, true]);
    }
  });
});

describe('recordings', () => {
  const minute = fc.record({
    canary: fc.nat({ max: 5_000 }),
    canaryErrors: fc.nat({ max: 100 }),
    stable: fc.nat({ max: 5_000 }),
    stableErrors: fc.nat({ max: 100 }),
  });
  const recording = fc.array(minute, { maxLength: 30 }).map((minutes) => ({
    period: 60,
    steps: [
      { at: 0, percent: 10 },
      { at: 5, percent: 50 },
    ],
    minutes: minutes.map(({ canary, canaryErrors, stable, stableErrors }, t) => ({
      t,
      canary: {
        requests: canary,
        errors: Math.min(canary, canaryErrors),
        slow: [canary >> 1, canary >> 3, canary >> 6],
      },
      stable: {
        requests: stable,
        errors: Math.min(stable, stableErrors),
        slow: [stable >> 1, stable >> 3, stable >> 6],
      },
    })),
    settings: { falseAlarmRate: 0.01, warmUp: 0, errorTolerance: 0.01, maxErrorRate: 0.05, dispersion: 1 },
  }));
  const odd = fc.oneof(
    recording,
    recording.chain(mutated),
    recording.chain(mutated).chain(mutated),
    anything,
  );

  test('anything is judged, with numbers that are numbers, or is invalid in words; nothing passes without traffic', () => {
    fc.assert(
      fc.property(odd, (json) => {
        let read;
        try {
          read = readRecording(json);
        } catch (error) {
          if (error instanceof InvalidRecording) return;
          throw error;
        }
        const verdict = judge(read);
        expect(`${verdict.because} ${JSON.stringify(verdict)}`).not.toMatch(/NaN|undefined|null,?"requests/);
        for (const value of numbersIn(verdict)) expect(value).not.toBeNaN();
        const asked = read.minutes.reduce((sum, { canary }) => sum + (canary?.requests ?? 0), 0);
        if (asked === 0) expect(verdict.verdict).not.toBe('pass');
      }),
      fuzzing(600),
    );
  });
});

function* numbersIn(value: unknown): Generator<number> {
  if (typeof value === 'number') yield value;
  if (typeof value === 'object' && value !== null)
    for (const member of Object.values(value)) yield* numbersIn(member);
}
