import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { openLanes, type Lanes } from '../deaths/lanes.ts';
import { AFTER, inWords, PLACES, SIGNALS, type Death } from '../deaths/death.ts';
import { OUTAGES, survive } from '../deaths/outages.ts';
import { openLiveSandbox, type LiveSandbox } from '../support/live-sandbox.ts';

jest.setTimeout(400_000);

/** Every place, every signal and both ends; `npm run deaths` tries all there are. Those that wait longest come first. */
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

interface Told {
  readonly violations: readonly string[];
  readonly log: readonly string[];
}

let sandbox: LiveSandbox;
let lanes: Lanes;
/** They wait most of their time: all begin at once, on the lanes that are free. */
const endings = new Map<string, Promise<Told>>();

function begin(name: string, ending: Promise<Told>): void {
  // told by the test of that name
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

test('every place, signal and end is among those that are tried', () => {
  expect(tried('place')).toEqual(new Set(PLACES));
  expect(tried('signal')).toEqual(new Set(SIGNALS));
  expect(tried('after')).toEqual(new Set(AFTER));
});

describe('a job that is', () => {
  test.each(CHOSEN.map(inWords))('%s, keeps its promises', expectPromisesKept);
});

describe('a job keeps its promises when', () => {
  test.each(OUTAGES.map(({ name }) => name))('%s', expectPromisesKept);
});
