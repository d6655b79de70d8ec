// Compares a fleet's results with its promises, and prints its calls and delays.
import { MINUTE, SECOND } from '../../src/core/time/clock.ts';
import type { FleetPlayed, Member } from './fleet.ts';

/**
 * Highest average number of calls (with retries) per minute of a rollout. With more, fifty services
 * exceed the limits of one account.
 */
export const BUDGET = 24;
/** Latest evaluation of new metrics. `_OF_MANY` applies above `MANY` services per full limits. */
const LATEST_LOOK = 20 * SECOND;
const LATEST_LOOK_OF_MANY = MINUTE;
const MANY = 75;
/** Latest rollback request after its verdict. Reading the health of the arms takes this long. */
const LATEST_REQUEST = 3 * SECOND;
const PERIOD = MINUTE;

export interface FleetReport {
  /** The broken promises; empty if there are none. */
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
  const slowest = Math.max(0, ...members.map(untilRequested));
  const good = members.filter(({ expected }) => expected === 'deployed').length;
  const alarms = members.filter(isFalseAlarm).length;
  const each = (count: number) => (count / members.length).toFixed(1);
  return {
    broken: [
      ...members
        .filter((member) => member.finished?.outcome !== member.expected && !isFalseAlarm(member))
        .map(
          ({ name, release, finished }) => `${name} (${release}): ${finished?.outcome}: ${finished?.reason}`,
        ),
      ...(alarms > mostFalseAlarms(good)
        ? [`${alarms} of ${good} good releases were rolled back by the judge: more than its promise explains`]
        : []),
      ...(perMinute > BUDGET ? [`${perMinute.toFixed(1)} calls a minute: more than ${BUDGET}`] : []),
      ...(latest > allowed ? [`an evaluation of new metrics was ${seconds(latest)} late`] : []),
      ...(slowest > LATEST_REQUEST ? [`a rollback was requested ${seconds(slowest)} after its verdict`] : []),
    ],
    lines: [
      ...outcomesOf(members),
      `  ${alarms} false alarms in ${good} good releases; at most ${FALSE_ALARM_RATE * 100}% are promised`,
      `  ${each(calls.length)} calls per rollout, ${perMinute.toFixed(1)} per minute of a rollout, ${(calls.length / (took / MINUTE)).toFixed(0)} per minute in total; ${throttled.length} throttled`,
      `  evaluations of new metrics: ${seconds(late[late.length >> 1] ?? 0)} late at the median, ${seconds(latest)} at most; rollbacks requested ${seconds(slowest)} after their verdicts at most`,
      ...[...countsOf(calls)].map(
        ([operation, of]) =>
          `    ${operation.padEnd(56)} ${each(of.made).padStart(6)} a rollout, ${(of.made / minutes).toFixed(2).padStart(6)} a minute, ${of.throttled} throttled`,
      ),
      `  ${fleet.services} services in ${(took / MINUTE).toFixed(1)} minutes`,
    ],
  };
}

/** The default of `false-alarm-rate`, at which every rollout of the fleet runs. */
const FALSE_ALARM_RATE = 0.01;

/** A good release that the judge blames by chance, as its rate allows. */
function isFalseAlarm({ expected, finished, events }: Member): boolean {
  const requested = events.find((event) => event.kind === 'rollback-requested');
  return expected === 'deployed' && finished?.outcome === 'rolled-back' && requested?.cause === 'judge';
}

/** More false alarms come in less than one run of a thousand if the promise holds. */
function mostFalseAlarms(releases: number): number {
  let probability = (1 - FALSE_ALARM_RATE) ** releases;
  let below = probability;
  let most = 0;
  while (below < 0.999) {
    most += 1;
    probability *= ((releases - most + 1) / most) * (FALSE_ALARM_RATE / (1 - FALSE_ALARM_RATE));
    below += probability;
  }
  return most;
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

/** Times from the end of each metric period to the next evaluation. */
function latenesses({ events }: Member): readonly number[] {
  const looks = events.filter((event) => event.kind === 'evaluated').map(({ at }) => at);
  return looks.slice(1).flatMap((at, index) => {
    const due = (Math.floor(looks[index]! / PERIOD) + 1) * PERIOD;
    return at >= due ? [at - due] : [];
  });
}

/** Time from the verdict to roll back to the request. */
function untilRequested({ events }: Member): number {
  const verdict = events.find((event) => event.kind === 'evaluated' && event.verdict === 'rollback');
  if (verdict === undefined) return 0;
  const requested = events.find((event) => event.kind === 'rollback-requested');
  return Math.max(0, (requested?.at ?? Infinity) - verdict.at);
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
