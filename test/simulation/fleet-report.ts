import { MINUTE, SECOND } from '../../src/core/time/clock.ts';
import type { FleetPlayed, Member } from './fleet.ts';

/** Tries of calls in a minute of a rollout, on average: more of them, and fifty services do not fit into one account's limits. */
export const BUDGET = 36;
/** The latest that a look at new evidence may be; later where more are released at once than the load balancers' limit is made for. */
const LATEST_LOOK = 20 * SECOND;
const LATEST_LOOK_OF_MANY = MINUTE;
const MANY = 75;
/** The latest that a rollback may be asked for after its verdict: the health of the arms is awaited that long. */
const LATEST_ASKED = 3 * SECOND;
const PERIOD = MINUTE;

/** What a fleet's promises are, and how far off it was. */
export interface FleetReport {
  /** In words; none where all went well. */
  readonly broken: readonly string[];
  readonly lines: readonly string[];
}

export function reportOf({ fleet, members, took }: FleetPlayed): FleetReport {
  const calls = members.flatMap((member) => member.calls);
  const throttled = calls.filter((call) => call.throttled);
  const minutes = members.reduce((sum, member) => sum + member.took, 0) / MINUTE;
  const perMinute = calls.length / minutes;
  const late = members.flatMap(latenesses).toSorted((a, b) => a - b);
  const latest = late.at(-1) ?? 0;
  const crowd = fleet.services / (fleet.limits ?? Infinity);
  const allowed = crowd > MANY ? LATEST_LOOK_OF_MANY : LATEST_LOOK;
  const slowest = Math.max(0, ...members.map(untilAsked));
  const each = (count: number) => (count / members.length).toFixed(1);
  return {
    broken: [
      ...members
        .filter(({ finished, expected }) => finished?.outcome !== expected)
        .map(
          ({ name, release, finished }) => `${name} (${release}): ${finished?.outcome}: ${finished?.reason}`,
        ),
      ...(perMinute > BUDGET ? [`${perMinute.toFixed(1)} calls a minute: more than ${BUDGET}`] : []),
      ...(latest > allowed ? [`a look at new evidence was ${seconds(latest)} late`] : []),
      ...(slowest > LATEST_ASKED ? [`a rollback was asked for ${seconds(slowest)} after its verdict`] : []),
    ],
    lines: [
      ...outcomesOf(members),
      `  ${each(calls.length)} calls a rollout, ${perMinute.toFixed(1)} a minute of one, ${(calls.length / (took / MINUTE)).toFixed(0)} a minute of all; ${throttled.length} throttled`,
      `  looks at new evidence: ${seconds(late[late.length >> 1] ?? 0)} late at the median, ${seconds(latest)} at most; rollbacks asked for ${seconds(slowest)} after their verdicts at most`,
      ...[...countsOf(calls)].map(
        ([operation, of]) =>
          `    ${operation.padEnd(56)} ${each(of.made).padStart(6)} a rollout, ${(of.made / minutes).toFixed(2).padStart(6)} a minute, ${of.throttled} throttled`,
      ),
      `  ${fleet.services} services in ${(took / MINUTE).toFixed(1)} minutes`,
    ],
  };
}

const seconds = (milliseconds: number) => `${(milliseconds / SECOND).toFixed(1)} s`;

function outcomesOf(members: readonly Member[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { release, finished } of members) {
    const key = `${release}: ${finished?.outcome}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, count]) => `  ${key} ${count}`);
}

/** Evidence is new whenever another period has ended; how long after that did the judge look? */
function latenesses({ events }: Member): readonly number[] {
  const looks = events.filter((event) => event.kind === 'evaluated').map(({ at }) => at);
  return looks.slice(1).flatMap((at, index) => {
    const due = (Math.floor(looks[index]! / PERIOD) + 1) * PERIOD;
    return at >= due ? [at - due] : [];
  });
}

/** Between the verdict to roll back and the call for it. */
function untilAsked({ events }: Member): number {
  const verdict = events.find((event) => event.kind === 'evaluated' && event.verdict === 'rollback');
  if (verdict === undefined) return 0;
  const asked = events.find((event) => event.kind === 'rollback-requested');
  return Math.max(0, (asked?.at ?? Infinity) - verdict.at);
}

interface Counts {
  made: number;
  throttled: number;
}

function countsOf(calls: Member['calls']): readonly (readonly [string, Counts])[] {
  const counts = new Map<string, Counts>();
  for (const { operation, throttled } of calls) {
    const of = counts.get(operation) ?? { made: 0, throttled: 0 };
    counts.set(operation, of);
    of.made += 1;
    of.throttled += Number(throttled);
  }
  return [...counts].toSorted(([, a], [, b]) => b.made - a.made);
}
