import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { GIVEN_ODDS_RATIOS } from '../../bench/given-rule.ts';
import { countsTest } from '../../../src/judge/counts-test.ts';
import type { Prior } from '../../../src/judge/restarts.ts';

interface Vector {
  minutes: { nc: number; nb: number; xc: number; xb: number }[];
  opts: { cap?: number; phi?: number; restarts?: number[]; prior?: number[] };
  logE: number[];
}

const vectors: Vector[] = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8'));

const finite = (beliefs: readonly number[]): Prior => ({
  of: (k) => beliefs[k] ?? 0,
  from: (k) => beliefs.slice(k).reduce((sum, belief) => sum + belief, 0),
});

describe('with the bound and its original odds, the counts test agrees with the recorded vectors to 1e-9', () => {
  test.each(vectors.map((vector, index) => [index, vector.opts, vector] as const))(
    'vector %i, %j',
    (_index, { cap = Infinity, phi = 1, restarts = [0], prior = [1] }, { minutes, logE }) => {
      const pairs = minutes.map(({ nc, nb, xc, xb }, t) => ({
        t,
        canary: { bad: xc, of: nc },
        stable: { bad: xb, of: nb },
      }));
      const options = { cap, dispersion: phi, restarts: { times: restarts, prior: finite(prior) } };
      const given = { ...options, oddsRatios: GIVEN_ODDS_RATIOS, bound: true };
      const ours = countsTest(pairs, given).map((state) => state.logE);
      expect(ours).toHaveLength(logE.length);
      const furthest = Math.max(...ours.map((value, t) => Math.abs(value - (logE[t] ?? NaN))));
      expect(furthest).toBeLessThan(1e-9);
    },
  );
});
