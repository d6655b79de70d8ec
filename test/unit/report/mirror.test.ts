import { expect, test } from '@jest/globals';
import { SECOND } from '../../../src/core/time/clock.ts';
import { mirror } from '../../../src/report/mirror.ts';
import { createTrail } from '../../../src/core/trail/trail.ts';
import { createVirtualClock } from '../../support/virtual-clock.ts';

const GAP = 10 * SECOND;

/** Shows the time of the newest event; each call takes the given time. */
function following(lasts = 0) {
  const clock = createVirtualClock();
  const began = clock.now();
  const trail = createTrail({ clock, file: null });
  const shown: string[] = [];
  let atOnce = 0;
  const finish = mirror(
    trail,
    async (events, last) => {
      expect(++atOnce).toBe(1);
      shown.push(`${events.length} at ${(clock.now() - began) / SECOND}${last ? ', the last' : ''}`);
      await new Promise<void>((resolve) => clock.after(lasts, resolve));
      atOnce--;
    },
    { clock, gap: GAP },
  );
  const tell = () => trail.tell({ kind: 'notice', level: 'notice', message: 'something' });
  return { clock, tell, shown, finish };
}

test('the first event is shown at once, later events together after a gap', async () => {
  const { clock, tell, shown, finish } = following();
  await clock.advance(5 * SECOND);
  for (let time = 0; time < 8; time++) {
    tell();
    await clock.advance(3 * SECOND);
  }
  await clock.advance(60 * SECOND);
  await Promise.all([finish(), clock.advance(SECOND)]);
  expect(shown).toEqual(['1 at 5', '4 at 15', '7 at 25', '8 at 35', '8 at 89, the last']);
});

test('a slow call skips outdated states, and the end is shown without a gap', async () => {
  const { clock, tell, shown, finish } = following(25 * SECOND);
  tell();
  await clock.advance(SECOND);
  for (let time = 0; time < 8; time++) tell();
  const ended = finish();
  await clock.advance(60 * SECOND);
  await ended;
  expect(shown).toEqual(['1 at 0', '9 at 25, the last']);
});

test('a trail without events is shown once, at the end', async () => {
  const { clock, shown, finish } = following();
  await Promise.all([finish(), clock.advance(0)]);
  expect(shown).toEqual(['0 at 0, the last']);
});
