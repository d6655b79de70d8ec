import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { openLanes, type Lanes } from '../deaths/lanes.ts';
import { AFTER, inWords, PLACES, SIGNALS, type Death } from '../deaths/death.ts';
import { OUTAGES, survive } from '../deaths/outages.ts';
import { openLiveSandbox, type LiveSandbox } from '../support/live-sandbox.ts';

jest.setTimeout(400_000);

/**
 * Together they cover every place, every signal and both values of `after`. `npm run deaths` runs
 * all combinations. The longest ones are first.
 */
const CHOSEN: readonly Death[] = [
  { place: 'first', signal: 'SIGKILL', after: 'nobody' },
  { place: 'soak', signal: 'SIGKILL', after: 'post step' },
  { place: 'rollback', signal: 'cancel', after: 'post step' },
  { place: 'second', signal: 'cancel', after: 'post step' },
  { place: 'start', signal: 'SIGKILL', after: 'post step' },
  { place: 'starting', signal: 'SIGTERM', after: 'nobody' },
  { place: 'push', signal: 'SIGTERM', after: 'nobody' },
  { place: 'register', signal: 'SIGKILL', after: 'post step' },
  { place: 'build', signal: 'cancel', after: 'post step' },
];

interface Checked {
  readonly violations: readonly string[];
  readonly log: readonly string[];
}

let sandbox: LiveSandbox;
let lanes: Lanes;
/** All start at once, each on the next free lane, because they mostly wait. */
const endings = new Map<string, Promise<Checked>>();

function begin(name: string, ending: Promise<Checked>): void {
  // The test of that name reports a failure.
  ending.catch(() => {});
  endings.set(name, ending);
}

beforeAll(async () => {
  sandbox = await openLiveSandbox(['web']);
  lanes = await openLanes(sandbox, 4);
  for (const outage of OUTAGES.toReversed())
    begin(
      outage.name,
      lanes.use((lane, own) => survive(sandbox, lane, own, outage)),
    );
  for (const death of CHOSEN) begin(inWords(death), lanes.try(death));
});
afterAll(async () => {
  await Promise.allSettled(endings.values());
  await lanes?.close();
  await sandbox?.close();
});

async function expectPromisesKept(name: string): Promise<void> {
  const { violations, log } = await endings.get(name)!;
  expect({ violations, log: violations.length === 0 ? [] : log }).toEqual({ violations: [], log: [] });
}

const tried = (key: keyof Death) => new Set(CHOSEN.map((death) => death[key]));

test('the tests cover every place, every signal and both values of `after`', () => {
  expect(tried('place')).toEqual(new Set(PLACES));
  expect(tried('signal')).toEqual(new Set(SIGNALS));
  expect(tried('after')).toEqual(new Set(AFTER));
});

describe('a job keeps its promises when it is', () => {
  test.each(CHOSEN.map(inWords))('%s', expectPromisesKept);
});

describe('a job keeps its promises when', () => {
  test.each(OUTAGES.map(({ name }) => name))('%s', expectPromisesKept);
});
