import { HOUR, MINUTE, type Milliseconds, SECOND } from '../../src/core/time/clock.ts';

/**
 * Timing for which AWS gives no figure, and behaviour that AWS does not document
 * (docs/assumptions.md).
 */
export interface EcsSettings {
  /** Interval of the reconciliation of services, deployments and tasks. */
  readonly reconcileInterval: Milliseconds;
  /** From the decision to run a task until the start of its containers (PROVISIONING). */
  readonly schedulingDelay: Milliseconds;
  /** Length of a traffic shift stage without the bake time. */
  readonly trafficShift: Milliseconds;
  /**
   * Without a load balancer: how long a task must run before it counts as healthy. AWS documents 40
   * s.
   */
  readonly healthyAfter: Milliseconds;
  /** A stage that takes longer fails its deployment. AWS documents 24 h. */
  readonly stageLimit: Milliseconds;
  /**
   * Delay before the next start of a revision whose tasks fail. Doubles with every failure up to
   * the maximum.
   */
  readonly restartDelay: Milliseconds;
  readonly maximumRestartDelay: Milliseconds;
  /** How long stopped tasks remain visible. */
  readonly stoppedTasksKept: Milliseconds;
  /**
   * For UpdateService during a deployment: supersede only a ROLLING deployment, supersede any, or
   * refuse.
   */
  readonly updateWhileDeploying: 'supersede-rolling' | 'supersede' | 'refuse';
  /**
   * For UpdateService with only deploymentConfiguration during a deployment. If accepted, it does
   * not affect that deployment.
   */
  readonly configurationWhileDeploying: 'accept' | 'refuse';
  /** Whether members that a deploymentConfiguration omits keep their values or get the defaults. */
  readonly partialConfiguration: 'merge' | 'reset';
  /** For a circuit breaker with BLUE_GREEN, LINEAR or CANARY. */
  readonly breakerWithShifting: 'accept' | 'refuse';
  /**
   * Without a load balancer: pass the traffic shift stages without traffic, or skip
   * them with their hooks.
   */
  readonly trafficStagesWithoutBalancer: 'pass' | 'skip';
  /** How often managed scaling looks at the tasks that wait for an instance. */
  readonly managedScalingInterval: Milliseconds;
  /** Managed scaling removes an instance that has had no task for this time. */
  readonly scaleInAfter: Milliseconds;
  /** After this time ECS gives up waiting for an instance for a task in PROVISIONING. */
  readonly provisioningTimeout: Milliseconds;
  /** After this time ECS gives up waiting for the network interface of a task. */
  readonly networkInterfaceTimeout: Milliseconds;
  /** ECS repeats a service event about tasks that it cannot place after this time. AWS documents 6 h. */
  readonly placementFailureRepeated: Milliseconds;
  /** Whether POST_PRODUCTION_TRAFFIC_SHIFT comes once, or after each step. */
  readonly postProductionShift: 'once' | 'each step';
  /**
   * What happens to an open PAUSE hook when its stage has lasted for `stageLimit`: it takes its
   * timeout action, it goes on waiting for its own timeout, or the deployment fails.
   */
  readonly pauseAtStageLimit: 'times out' | 'waits' | 'fails';
  /** Whether a PAUSE hook at POST_PRODUCTION_TRAFFIC_SHIFT is refused. */
  readonly pauseAfterShift: 'accept' | 'refuse';
  /**
   * Returns why a cluster has no capacity for another task, or `null`. Simulates a full cluster.
   */
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
  breakerWithShifting: 'accept',
  trafficStagesWithoutBalancer: 'pass',
  managedScalingInterval: MINUTE,
  scaleInAfter: 15 * MINUTE,
  provisioningTimeout: 15 * MINUTE,
  networkInterfaceTimeout: 3 * MINUTE,
  placementFailureRepeated: 6 * HOUR,
  postProductionShift: 'once',
  pauseAtStageLimit: 'times out',
  pauseAfterShift: 'accept',
  whyNoPlace: () => null,
};
