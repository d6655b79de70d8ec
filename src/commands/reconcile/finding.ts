import type { Service, ServiceDeployment } from '@aws-sdk/client-ecs';
import { isDead, writtenIn, type WrittenLease } from '../../aws/lease/run-tag.ts';
import { HOUR } from '../../core/time/clock.ts';
import { trafficOf } from '../../rollout/strategies/strategies.ts';
import { leftTags } from '../../rollout/traffic/leftover-tags.ts';
import { isRolloutOfOurs, patienceOf } from '../../rollout/strategies/paused/pause-hook.ts';

/** What of ours is on a service. */
export interface Remains {
  /** Our pause hook, with the strategy of a rollout, is in its deployment configuration. */
  readonly hook: boolean;
  /** It remembers its own configuration, or what a gate was answered. */
  readonly memory: boolean;
  readonly lease: WrittenLease | null;
  /** ECS is deploying something. */
  readonly deploying: boolean;
}

/** Pure. */
export function remainsOn({ deploymentConfiguration, tags = [], deployments = [] }: Service): Remains {
  return {
    hook: isRolloutOfOurs(deploymentConfiguration),
    memory: leftTags(tags).length > 0,
    lease: writtenIn(tags),
    deploying:
      deployments.length > 1 || deployments.some(({ rolloutState }) => rolloutState === 'IN_PROGRESS'),
  };
}

/** What to do about a service: tell, take what is left off it, or take its rollout back first. */
export type Finding =
  | { readonly do: 'tell'; readonly state: 'clean' | 'in progress' | 'dirty'; readonly reason: string }
  | { readonly do: 'settle' }
  | { readonly do: 'take back'; readonly whose: string };

/** A start without a pause for longer than this has nobody who watches it. */
const LONGEST_START = HOUR;

/**
 * Decides on one service. Only a rollout whose lease is there and dead is touched: what bears no lease may be a person's own, or
 * that of a run that was not allowed to write one. Pure.
 */
export function findingOn(
  { hook, memory, lease, deploying }: Remains,
  running: ServiceDeployment | null,
  now: number,
): Finding {
  if (lease !== null && !isDead(lease, now)) {
    return lease.until === null
      ? tell('dirty', `somebody edited the tag ecs-ramp:lease, which says ${lease.inWords}: remove it`)
      : tell('in progress', `${lease.inWords} is at work, or died less than some minutes ago`);
  }
  const isOurs = running !== null && patienceOf(running.deploymentConfiguration) !== null;
  if (isOurs && lease !== null) return abandoned(running, lease);
  if (isOurs) return unknown(running, { left: hook || memory, now });
  if (!hook && !memory && lease === null) {
    return tell(
      'clean',
      deploying ? 'a deployment that is not ours is under way' : 'nothing of ours is on it',
    );
  }
  if (running !== null) {
    const what = `service deployment ${running.serviceDeploymentArn} is not ours`;
    return tell('in progress', `${what}; what a dead run left is taken away when it has ended`);
  }
  if (memory || lease !== null) return { do: 'settle' };
  return tell(
    'dirty',
    'its deployment configuration has a pause hook before the production traffic shift, as a rollout of ecs-ramp has, but no tag says whose it is: take the hook away if a run that was not allowed to tag the service left it',
  );
}

/** A rollout of ours whose run is dead. */
function abandoned(running: ServiceDeployment, lease: WrittenLease): Finding {
  const { phase } = trafficOf(running);
  if ((running.createdAt?.getTime() ?? 0) > lease.until!) {
    return tell(
      'dirty',
      `service deployment ${running.serviceDeploymentArn} was begun by somebody else after the run ${lease.inWords} had died, and waits at the pause that it left: answer the pause (aws ecs continue-service-deployment), or stop the deployment`,
    );
  }
  if (phase === 'keeping-old' || phase === 'cleaning-up') return { do: 'settle' };
  return { do: 'take back', whose: lease.inWords };
}

/** It looks like ours, and no lease says whose it is: its run was not allowed to write one, or has just ended well. */
function unknown(
  running: ServiceDeployment,
  { left, now }: { readonly left: boolean; readonly now: number },
): Finding {
  const { phase, pause, startedAt, stage } = trafficOf(running);
  const what = `service deployment ${running.serviceDeploymentArn} (${stage})`;
  if (!left) return tell('in progress', `${what} needs no answer any more: ECS ends it by itself`);
  const patience = patienceOf(running.deploymentConfiguration) ?? 0;
  if (phase === 'starting' && now - startedAt > Math.max(patience, LONGEST_START)) {
    return tell(
      'dirty',
      `${what} has started for longer than anybody would watch, and no lease says whose it is: if its run is dead, stop it (aws ecs stop-service-deployment --stop-type ROLLBACK)`,
    );
  }
  const until = pause === null ? '' : `, at ${new Date(pause.until).toISOString()}`;
  return tell(
    'in progress',
    `${what} bears no lease: its run is taken to be alive. If it is not, ECS rolls back when its pause ends${until}`,
  );
}

function tell(state: 'clean' | 'in progress' | 'dirty', reason: string): Finding {
  return { do: 'tell', state, reason };
}
