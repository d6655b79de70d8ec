import { catastrophes } from './catastrophe.ts';
import type { EProcessState } from './e-process.ts';
import { customNames, customTest, type CustomState } from './custom-test.ts';
import { errorsTest, hasErrorsTest } from './errors-test.ts';
import { logGoodness, tolerableRate } from './goodness.ts';
import { guardTest, hasGuardTest } from './guard-test.ts';
import { latencyBy, latencyTest, type LatencyState } from './latency-test.ts';
import { fromLog } from './logarithm.ts';
import { observedShare } from './observed-share.ts';
import type { Minute, Step } from './recording.ts';
import { combine, sharesOf, type Shares, type TestName } from './shares.ts';
import { addTallies, errorsIn, NEITHER } from './tally.ts';
import { stepAt, type Timeline } from './timeline.ts';
import type { Evidence } from './verdict.ts';

/** The result of all tests after a finished period. */
export interface Examination {
  readonly minute: Minute;
  readonly evidence: Evidence;
  /** The test with the largest part of the total; `null` when nothing was judged. */
  readonly strongest: Strongest | null;
}

export interface Strongest {
  readonly test: TestName;
  /** The period since which its evidence is strongest. */
  readonly since: number;
  /** The index of p50, p90 or p99 (0, 1, 2), for the latency test. */
  readonly threshold: number;
  /** The name of the user's metric, for the custom test. */
  readonly name: string;
}

/** The share of each available test. */
export const sharesIn = (timeline: Timeline): Shares =>
  sharesOf({
    errors: hasErrorsTest(timeline),
    latency: latencyBy(timeline) !== null,
    guard: hasGuardTest(timeline),
    custom: Object.values(customNames(timeline)).some((names) => names.length > 0),
  });

/** An examination of each finished period, those of the warm-up first. */
export function examine(timeline: Timeline): readonly Examination[] {
  const shares = sharesIn(timeline);
  const enough = (share: number): number => 1 / (timeline.settings.falseAlarmRate * share);
  const errors = shares.errors === null ? null : errorsTest(timeline, enough(shares.errors));
  const latency = shares.latency === null ? null : latencyTest(timeline, enough(shares.latency));
  const guard = shares.guard === null ? null : guardTest(timeline);
  const custom = shares.custom === null ? null : customTest(timeline, enough(shares.custom));
  const good = goodness(timeline);
  const warmUp = warmUpWatch(timeline);

  const judged = timeline.judged.map((minute, index) =>
    lookAt(minute, {
      shares,
      good: good[index] ?? 1,
      errors: errors?.[index] ?? null,
      latency: latency?.[index] ?? null,
      guard: guard?.[index] ?? null,
      custom: custom?.[index] ?? null,
    }),
  );
  const shown = timeline.warmUp.map((minute, index): Examination => {
    const catastrophe = warmUp[index] ?? null;
    const total = fromLog(catastrophe?.logE ?? 0);
    const values = {
      errors: errors && total,
      latency: latency && 1,
      guard: guard && 1,
      ...(custom && { custom: 1 }),
      total,
      good: 1,
    };
    return {
      minute,
      evidence: { t: minute.t, ...values, share: observedShare(minute), judged: false },
      strongest: catastrophe && { test: 'errors', since: catastrophe.since, threshold: 0, name: '' },
    };
  });
  return [...shown, ...judged];
}

interface States {
  readonly shares: Shares;
  readonly good: number;
  readonly errors: EProcessState | null;
  readonly latency: LatencyState | null;
  readonly guard: EProcessState | null;
  readonly custom: CustomState | null;
}

function lookAt(minute: Minute, states: States): Examination {
  const { errors, latency, guard, custom, good, shares } = states;
  const logs = { errors: logOf(errors), latency: logOf(latency), guard: logOf(guard), custom: logOf(custom) };
  const { total, strongest } = combine(logs, shares);
  const values = {
    errors: valueOf(errors),
    latency: valueOf(latency),
    guard: valueOf(guard),
    ...(custom && { custom: valueOf(custom) }),
  };
  return {
    minute,
    evidence: {
      t: minute.t,
      ...values,
      total: fromLog(total),
      good,
      share: observedShare(minute),
      judged: true,
    },
    strongest: strongest && {
      test: strongest,
      since: states[strongest]?.since ?? 0,
      threshold: latency?.threshold ?? 0,
      name: custom?.name ?? '',
    },
  };
}

const logOf = (state: EProcessState | null): number | null => state && state.logE;
const valueOf = (state: EProcessState | null): number | null => state && fromLog(state.logE);

const warmUpWatch = ({ warmUp, settings, restarts }: Timeline): readonly (EProcessState | null)[] =>
  catastrophes(warmUp.map(errorsIn), {
    dispersion: settings.dispersion,
    restarts,
    falseAlarmRate: settings.falseAlarmRate,
  });

/** G after each judged period, over the periods of the same step up to it. */
function goodness(timeline: Timeline): readonly number[] {
  const { errorTolerance } = timeline.settings;
  let step: Step | null = null;
  let soFar = NEITHER;
  return timeline.judged.map((minute) => {
    const stepNow = stepAt(timeline, minute.t);
    soFar = addTallies(stepNow === step ? soFar : NEITHER, errorsIn(minute));
    step = stepNow;
    return fromLog(logGoodness(soFar.canary, tolerableRate(errorTolerance, soFar.stable)));
  });
}
