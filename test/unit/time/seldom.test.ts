import { expect, test } from '@jest/globals';
import { SECOND } from '../../../src/time/clock.ts';
import { seldom } from '../../../src/time/seldom.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

/** A read that counts how often it is made, and fails when told to. */
function counted() {
  const clock = createVirtualClock();
  const state = { reads: 0, fails: false };
  const read = seldom(clock, async () => {
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
