import { quantity } from '../../core/quantity.ts';
import { inUnits } from '../../core/time/duration.ts';
import { SECOND, type Milliseconds } from '../../core/time/clock.ts';
import type { ArmName } from '../../judge/recording.ts';
import type { RolloutRequest } from '../../core/request.ts';
import { lostTime, openInterruption, type Interruption } from '../health/interruption.ts';
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
    open.since + plan.capacityTimeout,
    'the rollout is rolled back',
  );
}

/** Ends a rollout whose tasks ECS did not replace in time. The release is not blamed. */
export function notReplaced(seen: Observation, plan: RolloutRequest): Decision | null {
  const open = openInterruption(seen.interruptions);
  if (open === null || seen.now < open.since + plan.capacityTimeout) return null;
  const why = seen.shortage?.until === null ? `. ECS ${seen.shortage.said}` : '';
  return decideRollback(
    'capacity',
    `this is not the fault of the release: ECS did not replace ${tasksInWords(open)} within ${inUnits(plan.capacityTimeout)}${why}`,
  );
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
  return decideRollback(
    'capacity',
    `this is not the fault of the release: there was no verdict at ${seen.traffic.percent}% within the time limit of the step, because ${time} of it were lost while ECS replaced ${tasksInWords(last)}`,
  );
}

/** How much of the time since `since` does not count, because tasks were missing. */
export function interruptedFor({ interruptions, now }: Observation, since: number): Milliseconds {
  return lostTime(interruptions, since, now);
}

function tasksInWords({ arm, by, tasks }: Interruption): string {
  return `${quantity(tasks, 'task')} of ${NAMES[arm]} taken by ${by}`;
}

const NAMES: Readonly<Record<ArmName, string>> = { canary: 'the new revision', stable: 'the old revision' };
