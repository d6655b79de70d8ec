import { expect, test } from '@jest/globals';
import { deployOne } from '../../../../src/commands/run/deploy-one.ts';
import { MINUTE } from '../../../../src/core/time/clock.ts';
import { createTrail } from '../../../../src/core/trail/trail.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';
import { rolloutRequest } from '../../../support/rollout-request.ts';
import { requestOf } from '../../../simulation/run-trial.ts';
import { runOf } from '../../../simulation/job.ts';
import { UserError } from '../../../../src/core/failure.ts';

test('the duration of a job is correct even if its clock is adjusted by minutes', async () => {
  const stopwatch = createVirtualClock();
  let error = 10 * MINUTE;
  const clock = { ...stopwatch, now: () => stopwatch.now() + error };
  const trail = createTrail({ clock, file: null });
  await deployOne(
    { trail, request: requestOf({ rollout: rolloutRequest() }, 'registry.example.com/web@sha256:new') },
    {
      clock,
      stopwatch,
      connect() {
        error = 0;
        throw new UserError('No region is set.');
      },
      sessionEnd: 'never',
      docker: () => Promise.reject(new Error('nothing is built')),
      run: runOf(1),
      log: { say() {}, group() {}, endGroup() {} },
      mask() {},
      cancelled: new AbortController().signal,
    },
  );
  expect(trail.events.at(-1)).toMatchObject({ kind: 'finished', outcome: 'failed', took: 0 });
});
