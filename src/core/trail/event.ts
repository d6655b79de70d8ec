import type { Interrupted, Minute, JudgeSettings, Step } from '../../judge/recording.ts';
import type { Evidence, Verdict } from '../../judge/verdict.ts';

/**
 * The event trail: everything that happened, in order, as plain data. The log, the summary, the
 * annotations and the outputs are created from the trail alone, so they can always be created
 * again. Times (`at`) are milliseconds since 1970, durations are milliseconds.
 */
export type Event = NewEvent & { readonly at: number };

export type NewEvent =
  | JobStarted
  | ServiceInspected
  | ImageBuilt
  | ImagePushed
  | TaskDefinitionReady
  | RolloutPlanned
  | RollbackPlanned
  | RolloutStarted
  | Waiting
  | SmokeTested
  | StepStarted
  | GateWaiting
  | GatePassed
  | Evaluated
  | StepPassed
  | RollbackRequested
  | CancelRequested
  | Diagnosed
  | Notice
  | Finished;

/** The first event. */
export interface JobStarted {
  readonly kind: 'started';
  readonly version: string;
  /** Absent for a release. */
  readonly command?: 'rollback';
  readonly service: string;
  readonly cluster: string;
  readonly region: string;
  readonly account: string | null;
  readonly commit: string | null;
  readonly repositoryUrl: string | null;
  readonly runUrl: string | null;
  readonly actor: string | null;
  readonly dryRun: boolean;
}

/** The state of the service before anything changes. */
export interface ServiceInspected {
  readonly kind: 'service-inspected';
  readonly serviceArn: string;
  readonly taskDefinitionArn: string;
  readonly image: string | null;
  readonly desiredCount: number;
  readonly runningCount: number;
  /** `null` when the service has no load balancer. */
  readonly traffic: {
    readonly loadBalancer: string;
    readonly productionRule: string;
    readonly testRule: string | null;
    readonly targetGroups: readonly string[];
  } | null;
  /**
   * The target group of a service with strategy rolling. Absent when there is none or the strategy
   * is another one.
   */
  readonly targetGroup?: string;
}

export interface ImageBuilt {
  readonly kind: 'built';
  readonly took: number;
  /** Absent when nothing was built. */
  readonly steps?: readonly BuildStep[];
  readonly reused: boolean;
}

export interface BuildStep {
  readonly name: string;
  readonly took: number;
  readonly cached: boolean;
}

export interface ImagePushed {
  readonly kind: 'pushed';
  /** repository@sha256:... with the registry's host. */
  readonly image: string;
  readonly digest: string;
  readonly tags: readonly string[];
  readonly took: number;
}

export interface TaskDefinitionReady {
  readonly kind: 'task-definition-ready';
  /** The previous task definition when nothing is registered: in a dry run, or when unchanged. */
  readonly taskDefinitionArn: string;
  readonly previousTaskDefinitionArn: string | null;
  readonly containerName: string;
  readonly image: string;
  /**
   * True when nothing was registered, because the task definition exists. The changes are those to
   * the previous one.
   */
  readonly unchanged: boolean;
  readonly changes: readonly TaskDefinitionChange[];
}

/**
 * A difference between two task definitions: `containerDefinitions.web.cpu`. `null` when the member
 * is missing. Values of secrets are references, never contents.
 */
export interface TaskDefinitionChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What a percentage is a share of, when it is not production traffic. */
export type ShareOf = 'work' | 'tasks';

/**
 * The plan of the rollout: everything is known and production is unchanged. The last step of a dry
 * run.
 */
export interface RolloutPlanned {
  readonly kind: 'planned';
  /** What the steps are a share of; absent for production traffic. */
  readonly of?: ShareOf;
  readonly steps: readonly number[];
  /** The minimum and the maximum time at each step below 100%. */
  readonly bakeTime: number;
  readonly stepTimeout: number;
  /** How long the old revision is kept after 100%. */
  readonly keepOld: number;
  /** The smoke tests, in words: `/health answers 200, 10 times`. */
  readonly smokeTests: readonly string[];
  /** The gates, in words: `at 30%: an approval, within 2h`. */
  readonly gates?: readonly string[];
  /** Set when ECS replaces the tasks in batches, within these percentages of the desired count. */
  readonly rolling?: { readonly minimumHealthyPercent: number; readonly maximumPercent: number };
}

/** The plan of a rollback to an earlier release: everything is known and nothing has changed. */
export interface RollbackPlanned {
  readonly kind: 'rollback-planned';
  /**
   * The deployment in progress that is rolled back while the old revision still runs; `null` when
   * the earlier release is rolled out again.
   */
  readonly serviceDeploymentArn: string | null;
  /** The release that is rolled back; `null` when ECS does not name it. */
  readonly from: ReleaseInTrail | null;
  readonly to: ReleaseInTrail;
  /** The state of the deployment that is rolled back, or why this release was chosen. A clause. */
  readonly because: string;
}

/** A task definition and its origin, as far as its tags record it. */
export interface ReleaseInTrail {
  readonly taskDefinitionArn: string;
  readonly commit: string | null;
  readonly actor: string | null;
  readonly run: string | null;
}

export interface RolloutStarted {
  readonly kind: 'rollout-started';
  readonly serviceDeploymentArn: string;
  /** True when the run continues an earlier run's deployment of the same release. */
  readonly adopted: boolean;
  /** The run only follows a rollback that was already requested. */
  readonly undone?: true;
  readonly steps: readonly number[];
  /**
   * How long ECS waits for an answer at each step before it rolls back by itself; `null` when it
   * does not pause.
   */
  readonly hookTimeout: number | null;
  readonly canaryTargetGroup: string | null;
  readonly stableTargetGroup: string | null;
}

/** What the run waits for. Repeated at least every 30 seconds while there is no other event. */
export interface Waiting {
  readonly kind: 'waiting';
  /** Completes "waiting for ...". */
  readonly what: string;
  readonly since: number;
  /** When the wait ends and what happens then. `otherwise` completes "then ...". */
  readonly until: number | null;
  readonly otherwise: string | null;
}

export interface SmokeTested {
  readonly kind: 'smoke-tested';
  readonly url: string;
  readonly expected: number;
  readonly passed: number;
  readonly of: number;
  /** The first unexpected answer, in words; `null` when all were as expected. */
  readonly problem: string | null;
  /** Whether the request never reached the load balancer: this says nothing about the release. */
  readonly unsent?: true;
}

/**
 * ECS now sends this share of production traffic to the new revision (verified on the listener
 * rule).
 */
export interface StepStarted {
  readonly kind: 'step-started';
  /** What `percent` is a share of; absent for production traffic. */
  readonly of?: ShareOf;
  readonly percent: number;
  /** When ECS ends its pause and rolls back by itself, as ECS reports it; `null` at 100%. */
  readonly deadline: number | null;
}

/** A gate of the step is waiting. */
export interface GateWaiting {
  readonly kind: 'gate-waiting';
  readonly percent: number;
  /** The gate, in words: `an approval`. */
  readonly gate: string;
  /** When the rollout is rolled back if the gate has not passed. */
  readonly until: number;
  /** The command that approves the gate; `null` for other gates. */
  readonly command: string | null;
}

export interface GatePassed {
  readonly kind: 'gate-passed';
  readonly percent: number;
  readonly gate: string;
  /** A clause: `approved by octocat`. */
  readonly because: string;
  readonly took: number;
}

/**
 * An evaluation by the judge, with the complete recording so far: the last one is enough for the
 * charts.
 */
export interface Evaluated {
  readonly kind: 'evaluated';
  readonly percent: number;
  readonly verdict: Verdict['verdict'];
  readonly because: string;
  /** Length of a period in seconds, and the time of t = 0. */
  readonly period: number;
  readonly origin: number;
  readonly minutes: readonly Minute[];
  readonly evidence: readonly Evidence[];
  readonly health: ArmsHealth;
  /**
   * When each step started, in periods since the origin. With the minutes and the settings, this is
   * a recording that can be judged again.
   */
  readonly steps?: readonly Step[];
  /** Number of metrics requested from CloudWatch so far, by which it charges. */
  readonly metricsAsked?: number;
  /** The settings of the judge. The report shows the limits from them. */
  readonly settings?: Partial<JudgeSettings>;
  /**
   * The stable arm's p50, p90 and p99 before the rollout, in seconds. Slow requests are counted
   * against them.
   */
  readonly thresholds?: readonly number[];
  /** What `requests` counts when it is not requests. */
  readonly counted?: 'messages';
  /** The canary's requests are those to both revisions, which cannot be separated. */
  readonly arms?: 'together';
  /** Times that are not judged, because tasks were taken from a revision. */
  readonly interrupted?: readonly Interrupted[];
}

export interface ArmsHealth {
  readonly canary: ArmHealth;
  readonly stable: ArmHealth;
}

export interface ArmHealth {
  readonly running: number;
  readonly desired: number;
  readonly healthyTargets: number;
  readonly unhealthyTargets: number;
  /** Tasks that failed since the rollout started. Absent for none. */
  readonly failedTasks?: number;
}

export interface StepPassed {
  readonly kind: 'step-passed';
  readonly percent: number;
  readonly because: string;
  readonly took: number;
}

export interface RollbackRequested {
  readonly kind: 'rollback-requested';
  readonly percent: number;
  /**
   * `judge`: the counts. `health`: targets or tasks. `gate`: it failed or its time is up. `start`:
   * the new revision never became healthy. `capacity`: ECS found no room for its tasks, so the
   * release is not blamed. `ecs`: ECS decided itself. `request`: a person requested it.
   */
  readonly cause:
    | 'judge'
    | 'alarm'
    | 'health'
    | 'smoke-test'
    | 'gate'
    | 'deadline'
    | 'cancel'
    | 'start'
    | 'capacity'
    | 'ecs'
    | 'request'
    | 'problem';
  readonly reason: string;
  /** Tasks and targets at that time. Absent when they could not be read. */
  readonly health?: ArmsHealth;
}

export interface CancelRequested {
  readonly kind: 'cancel-requested';
  readonly signal: string;
}

/** Details about a failure. */
export interface Diagnosed {
  readonly kind: 'diagnosed';
  /** The service's last events, newest last. */
  readonly serviceEvents: readonly { readonly at: number; readonly message: string }[];
  readonly stoppedTasks: readonly StoppedTask[];
  /** The last log lines of the failing container; none if they are hidden. */
  readonly log: {
    /** A description of the source. */
    readonly source: string;
    readonly lines: readonly string[];
    /** The CloudWatch log group, when the lines come from there. Used for the link. */
    readonly group?: string;
    readonly stream?: string;
  } | null;
}

export interface StoppedTask {
  readonly taskArn: string;
  readonly stoppedAt: number | null;
  readonly stopCode: string | null;
  readonly reason: string;
  readonly containers: readonly {
    readonly name: string;
    readonly exitCode: number | null;
    readonly reason: string | null;
  }[];
}

/** A message for a person besides the outcome. Errors become annotations, one per cause. */
export interface Notice {
  readonly kind: 'notice';
  readonly level: 'notice' | 'warning' | 'error';
  readonly message: string;
}

export type OutcomeName = 'deployed' | 'unchanged' | 'rolled-back' | 'dirty' | 'failed';

/**
 * The last event. `failed`: stopped before production was touched (bad input, failed build, refused
 * by AWS).
 */
export interface Finished {
  readonly kind: 'finished';
  readonly outcome: OutcomeName;
  /** The reason, in one or two sentences. */
  readonly reason: string;
  readonly took: number;
  /**
   * Verified percent of production traffic on the new revision at the end; `null` when it could not
   * be verified.
   */
  readonly canaryPercent: number | null;
  /** What `canaryPercent` is a share of; absent for production traffic. */
  readonly of?: ShareOf;
  /** The task definition that `canaryPercent` refers to, when it is not that of the release. */
  readonly canary?: string;
  /** Until when the old revision is kept; `null` when it is not kept. */
  readonly oldRevisionUntil: number | null;
}
