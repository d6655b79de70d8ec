import { quantity } from '../../core/quantity.ts';
import { inUnits } from '../../core/time/duration.ts';
import { SECOND, type Milliseconds } from '../../core/time/clock.ts';
import { longestStep } from '../../core/plan/gates.ts';
import type { RolloutRequest } from '../../core/request.ts';
import { lostTime, openInterruption, REVISION_OF, type Interruption } from '../health/interruption.ts';
import { decideRollback, decideWait, type Decision, type Observation } from '../observation.ts';

/**
 * The wait for ECS to replace tasks that were taken from a revision. `null` when both revisions have
 * all of their tasks.
 */
export function awaitReplacement(seen: Observation, plan: RolloutRequest): Decision | null {
  const open = openInterruption(seen.interruptions);
  if (open === null) return null;
  const { desired, healthyTargets } = seen.health[open.arm];
  return decideWait(
    `ECS to replace ${tasksInWords(open)} (${healthyTargets} of ${desired} healthy)`,
    latest(open, seen, plan),
    'the rollout is rolled back',
  );
}

/**
 * Takes production traffic off a canary whose healthy targets were all taken, and gives it back when
 * it has all of its tasks. `null` when its traffic stays as it is.
 */
export function shelter(seen: Observation, plan: RolloutRequest): Decision | null {
  const { traffic, health, interruptions } = seen;
  if (traffic.share !== 'traffic' || traffic.percent === 0) return null;
  const open = openInterruption(interruptions, 'canary');
  if (seen.shelter.status === 'on' || isOffByEarlierRun(seen)) {
    if (open === null) return { do: 'put-back' };
    return isBackTooEarly(seen) ? { do: 'take-off' } : awaitReplacement(seen, plan);
  }
  if (open === null || health.canary.healthyTargets > 0) return null;
  return seen.shelter.status === 'possible' ? { do: 'take-off' } : backToTheOldRevision(seen, open);
}

/**
 * An earlier run may have ended while the traffic was off. The rule alone does not say who changed it,
 * so ECS must have told that tasks were taken.
 */
function isOffByEarlierRun({
  shelter: { adopted, changedAt },
  traffic,
  interruptions,
}: Observation): boolean {
  const isOff = traffic.verifiedPercent === 0;
  return adopted && changedAt === 0 && isOff && interruptions.some(({ arm }) => arm === 'canary');
}

/** Somebody answered the pause, so ECS moved traffic to a revision without tasks. */
function isBackTooEarly({ traffic, health, shelter: { changedAt } }: Observation): boolean {
  const isMoved = traffic.pause != null && traffic.pause.since > changedAt;
  return isMoved && (traffic.verifiedPercent ?? 0) > 0 && health.canary.healthyTargets === 0;
}

/** At 100%, users need the old revision that is still kept when every new task was taken. */
export function allTakenAt100(seen: Observation): Decision | null {
  const open = openInterruption(seen.interruptions, 'canary');
  if (open === null || seen.health.canary.healthyTargets > 0 || seen.health.stable.healthyTargets === 0)
    return null;
  return backToTheOldRevision(seen, open);
}

function backToTheOldRevision({ traffic, words }: Observation, open: Interruption): Decision {
  return endWithoutBlame(
    `no task can serve its ${traffic.percent}% of ${words.share} after ${tasksInWords(open)}`,
  );
}

/** Ends a rollout whose tasks ECS did not replace in time. The release is not blamed. */
export function notReplaced(seen: Observation, plan: RolloutRequest): Decision | null {
  const open = openInterruption(seen.interruptions);
  if (open === null) return null;
  const until = latest(open, seen, plan);
  if (seen.now < until) return null;
  const why = seen.shortage?.until === null ? `. ECS ${seen.shortage.said}` : '';
  return endWithoutBlame(
    `ECS did not replace ${tasksInWords(open)} within ${inUnits(until - open.since)}${why}`,
  );
}

function endWithoutBlame(because: string): Decision {
  return decideRollback('capacity', `this is not the fault of the release: ${because}`);
}

/** ECS ends a pause by itself, so the wait in a pause ends before that. */
function latest(open: Interruption, { traffic }: Observation, plan: RolloutRequest): number {
  const limit = open.since + plan.capacityTimeout;
  return traffic.pause === null ? limit : Math.min(limit, traffic.pause.since + longestStep(plan));
}

/**
 * Ends a step without a verdict that was interrupted. The limit of a step is that of the pause in
 * ECS, so it cannot be extended.
 */
export function interruptedStep(seen: Observation, since: number): Decision | null {
  const lost = interruptedFor(seen, since);
  const last = seen.interruptions.at(-1);
  if (lost === 0 || last === undefined) return null;
  const time = inUnits(Math.ceil(lost / SECOND) * SECOND);
  return endWithoutBlame(
    `there was no verdict at ${seen.traffic.percent}% within the time limit of the step, because ${time} of it were lost while ECS replaced ${tasksInWords(last)}`,
  );
}

/** How much of the time since `since` does not count, because tasks were missing. */
export function interruptedFor({ interruptions, now }: Observation, since: number): Milliseconds {
  return lostTime(interruptions, since, now);
}

function tasksInWords({ arm, by, tasks }: Interruption): string {
  return `${quantity(tasks, 'task')} of the ${REVISION_OF[arm]} taken by ${by}`;
}
