import { HOUR, MINUTE, type Milliseconds, SECOND } from '../../src/core/time/clock.ts';

/** How fast the sandbox's ECS is, where AWS gives no figure; and which reading it takes where AWS documents none (docs/assumptions.md). */
export interface EcsSettings {
  /** How often services, deployments and tasks are brought closer to what is wanted. */
  readonly reconcileInterval: Milliseconds;
  /** From the decision to run a task until its containers are started (PROVISIONING). */
  readonly schedulingDelay: Milliseconds;
  /** Length of a traffic shift stage, without the bake. */
  readonly trafficShift: Milliseconds;
  /** Without a load balancer: how long a task must have run before it counts as healthy. AWS documents 40 s. */
  readonly healthyAfter: Milliseconds;
  /** A stage that takes longer fails its deployment. AWS documents 24 h. */
  readonly stageLimit: Milliseconds;
  /** Delay before the next start of a revision whose tasks keep failing: doubles with every failure up to the maximum. */
  readonly restartDelay: Milliseconds;
  readonly maximumRestartDelay: Milliseconds;
  /** How long stopped tasks can be described. */
  readonly stoppedTasksKept: Milliseconds;
  /** UpdateService that needs a new deployment while one runs: only a ROLLING one gives way, any does, or none does. */
  readonly updateWhileDeploying: 'supersede-rolling' | 'supersede' | 'refuse';
  /** UpdateService with deploymentConfiguration alone while a deployment runs. Accepted, it has no effect on that deployment. */
  readonly configurationWhileDeploying: 'accept' | 'refuse';
  /** Members that a deploymentConfiguration leaves out keep their value, or go back to the default. */
  readonly partialConfiguration: 'merge' | 'reset';
  /** BLUE_GREEN without a load balancer: the stages of the traffic shift are passed without traffic, or left out, hooks and all. */
  readonly trafficStagesWithoutBalancer: 'pass' | 'skip';
  /** Why no place can be found for one more task in a cluster, or null: a cluster without room, on demand. */
  readonly whyNoPlace: (cluster: string) => string | null;
}

export const DEFAULT_SETTINGS: EcsSettings = {
  reconcileInterval: SECOND,
  schedulingDelay: SECOND,
  trafficShift: SECOND,
  healthyAfter: 40 * SECOND,
  stageLimit: 24 * HOUR,
  restartDelay: 2 * SECOND,
  maximumRestartDelay: 15 * MINUTE,
  stoppedTasksKept: HOUR,
  updateWhileDeploying: 'supersede-rolling',
  configurationWhileDeploying: 'accept',
  partialConfiguration: 'merge',
  trafficStagesWithoutBalancer: 'pass',
  whyNoPlace: () => null,
};
