/** A release that the demo makes on purpose, and how it must end. */
export interface Scenario {
  readonly name: string;
  /** What a person reads before it begins. */
  readonly story: string;
  /** Build arguments of the shop's Dockerfile: a fault is really in the image. */
  readonly release: string;
  readonly fault: 'none' | 'errors' | 'slow' | 'crash';
  readonly expected: Expectation;
}

export interface Expectation {
  readonly outcome: 'deployed' | 'rolled-back';
  /** May users have met the new version at all? */
  readonly reachesUsers: boolean;
  /** May a user's request have failed? */
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
    story: 'a version that exits as it starts: it must be rolled back before a user meets it',
    release: '5-crash',
    fault: 'crash',
    expected: { outcome: 'rolled-back', reachesUsers: false, failures: false },
  },
];

/** What a scenario came to, seen from outside: by the runner, the users and the listener rule. */
export interface Result {
  readonly scenario: Scenario;
  readonly outcome: string;
  readonly exitCode: number | null;
  /** Highest share of production traffic that the new version had, and at the end. */
  readonly highestPercent: number;
  readonly finalPercent: number;
  /** From its first production traffic until it had none again; null: it never had any, or still has. */
  readonly secondsExposed: number | null;
  readonly seconds: number;
  readonly requests: number;
  readonly failed: number;
  /** What the run was not allowed to do. */
  readonly refused: readonly string[];
}

/** What is not as it must be, in words; empty: all is. */
export function disappointments({ scenario, ...result }: Result): string[] {
  const { outcome, reachesUsers, failures } = scenario.expected;
  const green = outcome === 'deployed';
  return [
    result.outcome !== outcome && `the outcome is ${result.outcome || 'missing'}, not ${outcome}`,
    green !== (result.exitCode === 0) && `the action ended with ${result.exitCode}`,
    result.finalPercent !== (green ? 100 : 0) &&
      `${result.finalPercent}% of the traffic is on the new version`,
    reachesUsers !== result.highestPercent > 0 &&
      (reachesUsers ? 'no user ever met it' : `${result.highestPercent}% of the users met it`),
    !failures && result.failed > 0 && `${result.failed} requests of users failed`,
    result.refused.length > 0 &&
      `what ecs-ramp policy prints is not enough: refused was ${[...new Set(result.refused)].join(', ')}`,
  ].filter((problem) => problem !== false);
}
