import { expect, test } from '@jest/globals';
import { SECOND, sleep } from '../../../../src/core/time/clock.ts';
import { cachedRead, stretchedBy } from '../../../../src/core/time/cached-read.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

/** A read that counts how often it is made, and fails when told to. */
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

test('an answer stands for 15 seconds, and no longer', async () => {
  const { clock, read } = counted();
  expect(await read(false)).toBe(1);
  await clock.advance(14 * SECOND);
  expect(await read(false)).toBe(1);
  await clock.advance(SECOND);
  expect(await read(false)).toBe(2);
});

test('it is read anew when asked to', async () => {
  const { read } = counted();
  expect(await read(false)).toBe(1);
  expect(await read(true)).toBe(2);
  expect(await read(false)).toBe(2);
});

test('after a failure nothing old stands for it', async () => {
  const { state, read } = counted();
  await read(false);
  state.fails = true;
  await expect(read(true)).rejects.toThrow('throttled');
  await expect(read(false)).rejects.toThrow('throttled');
  state.fails = false;
  expect(await read(false)).toBe(4);
});

/** A read that takes as long as it is told to, and may fail in passing. */
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

test('the last answer stands for one that takes long, and the new one as soon as it is there', async () => {
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

test('the last answer stands for one that fails in passing, but not for longer than 90 seconds', async () => {
  const { clock, state, read } = slow();
  await read(false);
  state.fails = true;
  await clock.advance(89 * SECOND);
  expect(await read(false)).toBe(1);
  await clock.advance(SECOND);
  await expect(read(false)).rejects.toThrow('throttled');
});

test('nothing old stands for an answer that is asked for anew, however long it takes', async () => {
  const { clock, state, read } = slow();
  await read(false);
  state.takes = 10 * SECOND;
  const asked = read(true);
  await clock.advance(10 * SECOND);
  expect(await asked).toBe(2);
});

test('the longer AWS takes for an answer, the more seldom it is asked, and again as before when it is quick', () => {
  expect(stretchedBy(0.1 * SECOND, 1)).toBeCloseTo(1.1);
  expect(stretchedBy(8 * SECOND, 1)).toBe(2);
  expect(stretchedBy(8 * SECOND, 2)).toBe(4);
  expect(stretchedBy(8 * SECOND, 4)).toBe(4);
  let stretch = 4;
  for (let quick = 0; quick < 20; quick++) stretch = stretchedBy(0, stretch);
  expect(stretch).toBeLessThan(1.1);
});
