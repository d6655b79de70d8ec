import type { Counts, Minute, Recording, JudgeSettings } from '../../../src/judge/recording.ts';

/**
 * Recordings for tests: steady traffic, 300 requests a minute to the canary and 2,700 to stable.
 */
export interface Invented {
  readonly minutes: number;
  readonly canary?: (t: number) => Counts | undefined;
  readonly stable?: (t: number) => Counts | undefined;
  readonly steps?: Recording['steps'];
  readonly settings?: Partial<JudgeSettings>;
}

export function invent({
  minutes,
  canary = good,
  stable = usual,
  steps = STEP,
  settings,
}: Invented): Recording {
  return {
    period: 60,
    steps,
    minutes: Array.from({ length: minutes }, (_, t) => minute(t, canary(t), stable(t))),
    settings: { warmUp: 0, metricDelay: 0, ...settings },
  };
}

function minute(t: number, canary: Counts | undefined, stable: Counts | undefined): Minute {
  return { t, ...(canary && { canary }), ...(stable && { stable }) };
}

const STEP = [{ at: 0, percent: 10 }];

export const good = (): Counts => ({ requests: 300, errors: 0 });
export const usual = (): Counts => ({ requests: 2_700, errors: 3, slow: [1_350, 270, 27] });
export const nobody = (): undefined => undefined;
export const failing = (errors: number) => (): Counts => ({ requests: 300, errors });
