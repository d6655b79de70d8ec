import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { failedOutcomeOf, seedAgain, Tally } from './outcome-table.ts';
import { rollingTrialOf } from './rolling.ts';

test('an error of the simulation is a broken promise with its seed, and the other trials count', () => {
  const tally = new Tally();
  tally.add({ kind: 'good', outcome: 'deployed', violations: [], calls: 10, minutes: 5 });
  const trial = rollingTrialOf(7);
  tally.add(failedOutcomeOf(trial.release.kind, seedAgain(trial), new Error('it never ended')));
  expect(tally.count).toBe(2);
  expect(tally.broken).toBe(1);
  expect(tally.lines().join('\n')).toContain(
    'BROKEN 1 times: the simulation runs to its end\n    --seed 7 --story --rolling 1\n      it never ended',
  );
});

const simulate = (options: string) =>
  spawnSync(process.execPath, ['test/simulation/simulate.ts', ...options.split(' ')], { encoding: 'utf8' });

describe('--first-seed', () => {
  test('chooses the seeds, and the output says how to try them again', () => {
    const { status, stdout } = simulate('--seeds 3 --rivals 0 --rolling 0 --first-seed 501');
    expect(stdout).toContain('seeds from 501 on; to try them again: --first-seed 501\n3 random rollouts');
    expect(status).toBe(0);
  });

  test.each(['0', 'x', '1.5', '4000000000'])('refuses %s', (seed) => {
    const { status, stderr } = simulate(`--first-seed ${seed}`);
    expect(stderr).toContain(`--first-seed ${seed}: expected a whole number from 1 to 2000000000.`);
    expect(stderr).not.toContain('    at ');
    expect(status).toBe(2);
  });
});
