import { MINUTE } from '../../src/core/time/clock.ts';
import { tell } from './events.ts';
import { checkBreaker } from './circuit-breaker.ts';
import { succeed } from './outcome.ts';
import { activeRevisions, counts } from './service-revisions.ts';
import type { DeploymentRecord, RevisionRecord, World } from './world.ts';

/**
 * A rolling update: the target's tasks replace all others within the service's minimum and maximum
 * percent.
 */
export function advanceRolling(world: World, deployment: DeploymentRecord): void {
  if (checkBreaker(world, deployment)) return;
  if (!replaceTasks(world, deployment, deployment.target)) {
    deployment.stageEnteredAt = world.clock.now();
    return;
  }
  const baked = world.clock.now() - deployment.stageEnteredAt;
  if (baked >= deployment.configuration.bakeTimeInMinutes * MINUTE) succeed(world, deployment);
}

/**
 * Moves the service towards only tasks of `winner`; true when that is reached. Keeps tasks of the
 * other revisions for the minimum of healthy tasks, and never requests more tasks than the maximum.
 */
export function replaceTasks(world: World, deployment: DeploymentRecord, winner: RevisionRecord): boolean {
  const { service, source, configuration } = deployment;
  const desired = service.desiredCount;
  const minimum = Math.ceil((desired * configuration.minimumHealthyPercent) / 100);
  const maximum = Math.floor((desired * configuration.maximumPercent) / 100);
  const losers = activeRevisions(service).filter((revision) => revision !== winner);

  let needed = Math.max(0, minimum - counts(winner).healthy);
  for (const loser of losers) {
    loser.requested = Math.min(wanted(loser), needed);
    needed -= loser.requested;
  }
  // Some tasks have failed: the previous revision provides the missing ones.
  if (source && losers.includes(source)) source.requested += needed;

  const room = maximum - losers.reduce((sum, loser) => sum + Math.max(wanted(loser), loser.requested), 0);
  winner.requested = Math.max(Math.min(desired, room), 0);
  if (isStuck({ winner, losers, desired })) {
    tell(
      world,
      service,
      'was unable to stop or start tasks during a deployment because of the service deployment configuration. ' +
        'Update the minimumHealthyPercent or maximumPercent value and try again.',
    );
  }
  return counts(winner).healthy >= desired && losers.every((loser) => loser.tasks.size === 0);
}

function wanted(revision: RevisionRecord): number {
  return [...revision.tasks].filter((task) => task.desiredStatus === 'RUNNING').length;
}

/** All running tasks are healthy, but the percentages allow neither a stop nor a start. */
function isStuck(state: { winner: RevisionRecord; losers: RevisionRecord[]; desired: number }): boolean {
  const { winner, losers, desired } = state;
  return (
    winner.requested < desired &&
    winner.requested <= wanted(winner) &&
    counts(winner).healthy === wanted(winner) &&
    losers.every((loser) => loser.requested >= wanted(loser) && loser.tasks.size === wanted(loser))
  );
}
