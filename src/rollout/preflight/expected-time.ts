import type { RolloutRequest } from '../../core/request.ts';
import { MINUTE, SECOND, type Milliseconds } from '../../core/time/clock.ts';
import { inUnits } from '../../core/time/duration.ts';
import { periodsToPass } from '../../judge/time-to-pass.ts';

/** The requests that a service received in the past. */
export interface PastTraffic {
  readonly requestsPerSecond: number;
  /** The share of them that failed. */
  readonly errorRate: number;
  /** The time that was looked at. */
  readonly over: Milliseconds;
}

/** How long a release that is as good as the old one stays at a step. */
export interface ExpectedStep {
  readonly percent: number;
  /** `Infinity`: there is never enough evidence. */
  readonly time: Milliseconds;
}

/**
 * The expected time at each step below 100%, by the judge's own arithmetic. Only the first step
 * contains the warm-up. Pure.
 */
export function expectedSteps(
  { steps, bakeTime, judging }: Pick<RolloutRequest, 'steps' | 'bakeTime' | 'judging'>,
  { requestsPerSecond, errorRate }: Pick<PastTraffic, 'requestsPerSecond' | 'errorRate'>,
): readonly ExpectedStep[] {
  const { metricPeriod, metricDelay, warmUp, errorTolerance } = judging;
  const requests = requestsPerSecond * (metricPeriod / SECOND);
  const below = steps.filter((percent) => percent < 100);
  return below.map((percent, index) => {
    const periods =
      requests === 0
        ? null
        : periodsToPass(
            { requests, errorRate },
            {
              share: percent / 100,
              errorTolerance,
              warmUp: index === 0 ? Math.ceil(warmUp / metricPeriod) : 0,
            },
          );
    const evidence = periods === null ? Infinity : periods * metricPeriod + metricDelay;
    return { percent, time: Math.max(bakeTime, evidence) };
  });
}

/** The share of step-timeout above which chance decides whether the evidence comes in time. */
const COMFORT = 0.8;
/** Ladders with a larger first step. ECS has each of them. */
const LARGER = [
  [20, 60, 100],
  [25, 50, 100],
  [50, 100],
] as const;

/**
 * Why a good release of a quiet service would end inconclusive, in words with the fix; `null` if
 * its steps fit into step-timeout. Pure.
 */
export function tooQuiet(service: string, plan: RolloutRequest, traffic: PastTraffic): string | null {
  const expected = expectedSteps(plan, traffic);
  const slow = expected.filter(({ time }) => time > COMFORT * plan.stepTimeout);
  const [first] = slow;
  if (first === undefined) return null;
  const would = slow.some(({ time }) => time > plan.stepTimeout) ? 'would' : 'may';
  const end =
    plan.onInconclusive === 'rollback'
      ? `it ${would} be rolled back at ${first.percent}% without a fault`
      : `it ${would} go on from ${first.percent}% without enough evidence (on-inconclusive is continue)`;
  return `${trafficInWords(service, traffic)} ${expectedInWords(expected)}, and step-timeout is ${inUnits(plan.stepTimeout)}: ${end}. ${fixFor(plan, traffic)}`;
}

/** The expected time of each step in words. Pure. */
export function expectedInWords(expected: readonly ExpectedStep[]): string {
  if (expected.every(({ time }) => time === Infinity))
    return 'Without requests, no step gets enough evidence';
  const times = expected.map(({ percent, time }) => `${timeInWords(time)} at ${percent}%`);
  return `A release that is as good as the old one needs about ${times.join(', ')} to get enough evidence`;
}

/** Pure. */
export function trafficInWords(service: string, { requestsPerSecond, errorRate, over }: PastTraffic): string {
  const when = `in the last ${inUnits(over)}`;
  if (requestsPerSecond === 0) return `Service ${service} received no requests ${when}.`;
  const failed = errorRate === 0 ? '' : `, and ${rounded(errorRate * 100)}% of them failed`;
  return `Service ${service} received ${rounded(requestsPerSecond)} requests/s on average ${when}${failed}.`;
}

function fixFor(plan: RolloutRequest, traffic: PastTraffic): string {
  const slowest = Math.max(...expectedSteps(plan, traffic).map(({ time }) => time));
  const fits = (steps: readonly number[]) =>
    expectedSteps({ ...plan, steps }, traffic).every(({ time }) => time <= COMFORT * plan.stepTimeout);
  const larger = LARGER.find((steps) => steps[0] > plan.steps[0]! && fits(steps));
  const ways = [
    larger && `set steps to ${larger.join(',')}`,
    slowest <= LONGEST_STEP && `set step-timeout to ${inUnits(rounded10(slowest / COMFORT))} or more`,
    plan.onInconclusive === 'rollback' &&
      'set on-inconclusive to continue, which goes on without enough evidence',
  ].filter((way) => typeof way === 'string');
  if (ways.length === 0) return 'Release when there are more requests.';
  const sentence = ways.length > 1 ? `${ways.slice(0, -1).join(', ')}, or ${ways.at(-1)}` : ways[0]!;
  return `${sentence[0]!.toUpperCase()}${sentence.slice(1)}.`;
}

/** A longer step is not worth recommending. */
const LONGEST_STEP = 12 * 60 * MINUTE;

function timeInWords(time: Milliseconds): string {
  return Number.isFinite(time) ? inUnits(Math.ceil(time / MINUTE) * MINUTE) : 'forever';
}

/** Rounded up to ten minutes. */
function rounded10(time: Milliseconds): Milliseconds {
  return Math.ceil(time / (10 * MINUTE)) * 10 * MINUTE;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(2)));
}
