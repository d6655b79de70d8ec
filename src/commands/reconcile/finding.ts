import { nameOfArn } from '../../core/arn.ts';
import type { Service, ServiceDeployment } from '@aws-sdk/client-ecs';
import { isDead, writtenIn, type WrittenLease } from '../../aws/lease/run-tag.ts';
import { HOUR } from '../../core/time/clock.ts';
import { trafficOf } from '../../rollout/strategies/strategies.ts';
import { leftTags } from '../../rollout/traffic/leftover-tags.ts';
import { isRolloutOfOurs, patienceOf } from '../../rollout/strategies/paused/pause-hook.ts';

/** What runs of ecs-ramp left on a service. */
export interface Remains {
  /** Its deployment configuration has our pause hook and the strategy of a rollout. */
  readonly hook: boolean;
  /** Its tags contain its own configuration, or the answer to a gate. */
  readonly memory: boolean;
  readonly lease: WrittenLease | null;
  /** A deployment is in progress. */
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

/**
 * What to do about a service: report only, remove the leftovers, or first roll back its rollout.
 */
export type Finding =
  | { readonly do: 'tell'; readonly state: 'clean' | 'in progress' | 'dirty'; readonly reason: string }
  | { readonly do: 'settle' }
  | Watching
  | { readonly do: 'take back'; readonly whose: string };

/**
 * What killed runs left on a service that `reconcile` removes or calls dirty, in words; `null` for
 * nothing. `running`: the deployment in progress. Pure.
 */
export function leftoversOn(service: Service, running: ServiceDeployment | null, now: number): string | null {
  const finding = findingOn(remainsOn(service), running, now);
  switch (finding.do) {
    case 'settle':
      return "the pause hook or the tags of a rollout, or its copy of the service's own deployment configuration: the next release or `ecs-ramp reconcile` removes them";
    case 'take back':
      return `the rollout of ${finding.whose}: \`ecs-ramp reconcile\` rolls it back`;
    case 'watch':
      return null;
    case 'tell':
      return finding.state === 'dirty' ? finding.reason : null;
  }
}

/** A completed release keeps its old revision until this time. */
interface Watching {
  readonly do: 'watch';
  readonly until: number;
}

/** If a start takes longer than this without a pause, no run monitors it. */
const LONGEST_START = HOUR;

/**
 * Decides what to do about one service. Only touches a rollout with an expired lease: a rollout
 * without a lease may belong to a person, or to a run that was not allowed to write one. Pure.
 */
export function findingOn(
  { hook, memory, lease, deploying }: Remains,
  running: ServiceDeployment | null,
  now: number,
): Finding {
  if (lease !== null && !isDead(lease, now)) {
    return lease.until === null
      ? tell('dirty', `the tag ecs-ramp:lease was edited by hand and says ${lease.inWords}: remove it`)
      : tell('in progress', `${lease.inWords} is running, or was killed within the last few minutes`);
  }
  const isOurs = running !== null && patienceOf(running.deploymentConfiguration) !== null;
  if (isOurs && lease !== null) return abandoned(running, lease);
  if (isOurs) return unknown(running, { left: hook || memory, now });
  if (!hook && !memory && lease === null) {
    return tell(
      'clean',
      deploying
        ? 'a deployment that ecs-ramp did not start is in progress'
        : 'no run of ecs-ramp left anything on it',
    );
  }
  if (running !== null) {
    const what = `service deployment ${nameOfArn(running.serviceDeploymentArn!)} was not started by ecs-ramp`;
    return tell(
      'in progress',
      `${what}; what a killed run left on the service is removed after the deployment has ended`,
    );
  }
  if (memory || lease !== null) return { do: 'settle' };
  return tell(
    'dirty',
    'its deployment configuration has a pause hook before the production traffic shift, as a rollout of ecs-ramp has, but no run tag shows which run it belongs to: remove the hook if it was left by a run that was not allowed to tag the service',
  );
}

/** A rollout by ecs-ramp whose run was killed. */
function abandoned(running: ServiceDeployment, lease: WrittenLease): Finding {
  const { phase } = trafficOf(running);
  if ((running.createdAt?.getTime() ?? 0) > lease.until!) {
    return tell(
      'dirty',
      `service deployment ${nameOfArn(running.serviceDeploymentArn!)} was not started by the run ${lease.inWords}, which had been killed before, and waits at the pause that this run left: answer the pause (aws ecs continue-service-deployment), or stop the deployment`,
    );
  }
  if (phase === 'keeping-old' || phase === 'cleaning-up') return { do: 'settle' };
  return { do: 'take back', whose: lease.inWords };
}

/** A rollout by ecs-ramp without a lease: its run could not write one, or has just ended. */
function unknown(
  running: ServiceDeployment,
  { left, now }: { readonly left: boolean; readonly now: number },
): Finding {
  const { phase, pause, oldRevisionUntil, startedAt, stage } = trafficOf(running);
  const what = `service deployment ${nameOfArn(running.serviceDeploymentArn!)} (${stage})`;
  if (!left && oldRevisionUntil !== null) return { do: 'watch', until: oldRevisionUntil };
  if (!left) return tell('in progress', `${what} needs no further answer: ECS completes it by itself`);
  const patience = patienceOf(running.deploymentConfiguration) ?? 0;
  if (phase === 'starting' && now - startedAt > Math.max(patience, LONGEST_START)) {
    return tell(
      'dirty',
      `${what} has been starting for longer than a run would wait, and no run tag shows which run it belongs to: if its run was killed, stop it (aws ecs stop-service-deployment --stop-type ROLLBACK)`,
    );
  }
  const until = pause === null ? '' : `, at ${new Date(pause.until).toISOString()}`;
  return tell(
    'in progress',
    `${what} has no run tag: its run is assumed to be alive. If it is not, ECS rolls back when its pause ends${until}`,
  );
}

function tell(state: 'clean' | 'in progress' | 'dirty', reason: string): Finding {
  return { do: 'tell', state, reason };
}
