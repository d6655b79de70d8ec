import { expect, test } from '@jest/globals';
import { sleep, type Clock } from '../../../../src/core/time/clock.ts';

const stoppedClock: Clock = { now: () => 0, after: () => () => {} };

test('an aborted sleep ends at once, even if the clock does not advance', async () => {
  const cancel = new AbortController();
  const sleeping = sleep(stoppedClock, 1_000, cancel.signal);
  cancel.abort();
  await expect(sleeping).resolves.toBeUndefined();
});
