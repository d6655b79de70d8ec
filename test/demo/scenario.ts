import type { Share } from './weights.ts';

/** A release of the demo, and its expected end. */
export interface Scenario {
  readonly name: string;
  /** Printed before it starts. */
  readonly story: string;
  /** `release` and `fault` are build arguments of the shop's Dockerfile. */
  readonly release: string;
  readonly fault: 'none' | 'errors' | 'slow' | 'crash';
  /** On instances that two tasks fill. Default: Fargate. */
  readonly cluster?: 'instances';
  /** The host of a new task is drained at this step. */
  readonly drainAt?: number;
  /** Default: 10 seconds. */
  readonly bakeTime?: string;
  /** Words that the log must have. */
  readonly says?: string;
  readonly expected: Expectation;
}

export interface Expectation {
  readonly outcome: 'deployed' | 'rolled-back';
  /** Whether users may reach the new revision. */
  readonly reachesUsers: boolean;
  /** Whether requests of users may fail. */
  readonly failures: boolean;
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'good',
    story: 'a better version: it must reach 100% without a failed request',
    release: '2',
    fault: 'none',
    expected: { outcome: 'deployed', reachesUsers: true, failures: false },
  },
  {
    name: 'errors',
    story: 'a version that fails 8% of its requests: it must be rolled back',
    release: '3-errors',
    fault: 'errors',
    expected: { outcome: 'rolled-back', reachesUsers: true, failures: true },
  },
  {
    name: 'slow',
    story: 'a version that takes twice as long to answer: it must be rolled back',
    release: '4-slow',
    fault: 'slow',
    expected: { outcome: 'rolled-back', reachesUsers: true, failures: false },
  },
  {
    name: 'crash',
    story: 'a version that exits when it starts: it must be rolled back before it gets a user’s request',
    release: '5-crash',
    fault: 'crash',
    expected: { outcome: 'rolled-back', reachesUsers: false, failures: false },
  },
  {
    name: 'full',
    story: 'a good version on a cluster without room: it must wait for another instance, and reach 100%',
    release: '6-full',
    fault: 'none',
    cluster: 'instances',
    says: 'waiting for room for the new tasks',
    expected: { outcome: 'deployed', reachesUsers: true, failures: false },
  },
  {
    name: 'drained',
    story: 'a good version whose host is drained at 30%: it must not be blamed, and reach 100%',
    release: '7-drained',
    fault: 'none',
    cluster: 'instances',
    drainAt: 30,
    // ECS replaces the tasks during the step.
    bakeTime: '45s',
    says: 'taken by',
    expected: { outcome: 'deployed', reachesUsers: true, failures: false },
  },
];

/** The result of a scenario, seen by the runner, the users and the listener rule. */
export interface Result {
  readonly scenario: Scenario;
  readonly outcome: string;
  readonly exitCode: number | null;
  /** Highest share of production traffic of the new revision. `finalPercent`: at the end. */
  readonly highestPercent: number;
  readonly finalPercent: number;
  /** Its shares of production traffic from the start on, in order. */
  readonly shares: readonly Share[];
  /** Time with production traffic; `null` if the new revision had none or still has some. */
  readonly secondsExposed: number | null;
  readonly seconds: number;
  readonly requests: number;
  readonly failed: number;
  /** The actions that were denied to the run. */
  readonly refused: readonly string[];
  /** Whether the log has the words that it must have. */
  readonly said: boolean;
}

/** Descriptions of all differences from the expected result. */
export function unmetExpectations({ scenario, ...result }: Result): string[] {
  const { outcome, reachesUsers, failures } = scenario.expected;
  const green = outcome === 'deployed';
  return [
    result.outcome !== outcome && `the outcome is ${result.outcome || 'missing'}, not ${outcome}`,
    green !== (result.exitCode === 0) && `the action ended with ${result.exitCode}`,
    result.finalPercent !== (green ? 100 : 0) &&
      `${result.finalPercent}% of the traffic is on the new revision`,
    reachesUsers !== result.highestPercent > 0 &&
      (reachesUsers ? 'no user reached it' : `${result.highestPercent}% of the users reached it`),
    !result.said && `the log does not say "${scenario.says}"`,
    !failures && result.failed > 0 && `${result.failed} requests of users failed`,
    result.refused.length > 0 &&
      `the policy that ecs-ramp policy prints is not enough: AWS denied ${[...new Set(result.refused)].join(', ')}`,
  ].filter((problem) => problem !== false);
}
