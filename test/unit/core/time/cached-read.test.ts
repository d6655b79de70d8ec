import { expect, test } from '@jest/globals';
import { SECOND, sleep } from '../../../../src/core/time/clock.ts';
import { cachedRead, stretchedBy } from '../../../../src/core/time/cached-read.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

/** A read that counts its calls and can be made to fail. */
function counted() {
  const clock = createVirtualClock();
  const state = { reads: 0, fails: false };
  const read = cachedRead(clock, async () => {
    state.reads += 1;
    if (state.fails) throw new Error('throttled');
    return state.reads;
  });
  return { clock, state, read };
}

test('an answer is cached for 15 seconds', async () => {
  const { clock, read } = counted();
  expect(await read(false)).toBe(1);
  await clock.advance(14 * SECOND);
  expect(await read(false)).toBe(1);
  await clock.advance(SECOND);
  expect(await read(false)).toBe(2);
});

test('`anew` reads again', async () => {
  const { read } = counted();
  expect(await read(false)).toBe(1);
  expect(await read(true)).toBe(2);
  expect(await read(false)).toBe(2);
});

test('a failed read is not replaced by an old answer', async () => {
  const { state, read } = counted();
  await read(false);
  state.fails = true;
  await expect(read(true)).rejects.toThrow('throttled');
  await expect(read(false)).rejects.toThrow('throttled');
  state.fails = false;
  expect(await read(false)).toBe(4);
});

/** A read that takes a given time and can fail temporarily. */
function slow() {
  const clock = createVirtualClock();
  const state = { reads: 0, takes: 0, fails: false };
  const read = cachedRead(
    clock,
    async () => {
      const number = ++state.reads;
      if (state.takes > 0) await sleep(clock, state.takes);
      if (state.fails) throw new Error('throttled');
      return number;
    },
    { mayPass: () => true },
  );
  return { clock, state, read };
}

test('the last answer is used while a read is slow, and the new answer when it arrives', async () => {
  const { clock, state, read } = slow();
  await read(false);
  await clock.advance(15 * SECOND);
  state.takes = 10 * SECOND;
  const asked = read(false);
  await clock.advance(2 * SECOND);
  expect(await asked).toBe(1);
  await clock.advance(8 * SECOND);
  expect(await read(false)).toBe(2);
  expect(state.reads).toBe(2);
});

test('the last answer is used after a temporary failure, for at most 90 seconds', async () => {
  const { clock, state, read } = slow();
  await read(false);
  state.fails = true;
  await clock.advance(89 * SECOND);
  expect(await read(false)).toBe(1);
  await clock.advance(SECOND);
  await expect(read(false)).rejects.toThrow('throttled');
});

test('`anew` never returns an old answer, however long the read takes', async () => {
  const { clock, state, read } = slow();
  await read(false);
  state.takes = 10 * SECOND;
  const asked = read(true);
  await clock.advance(10 * SECOND);
  expect(await asked).toBe(2);
});

test('slow answers lengthen the interval, and fast answers restore it', () => {
  expect(stretchedBy(0.1 * SECOND, 1)).toBeCloseTo(1.1);
  expect(stretchedBy(8 * SECOND, 1)).toBe(2);
  expect(stretchedBy(8 * SECOND, 2)).toBe(4);
  expect(stretchedBy(8 * SECOND, 4)).toBe(4);
  let stretch = 4;
  for (let quick = 0; quick < 20; quick++) stretch = stretchedBy(0, stretch);
  expect(stretch).toBeLessThan(1.1);
});
