import type { Minute, JudgeSettings, Step } from '../../judge/recording.ts';
import type { Evidence, Verdict } from '../../judge/verdict.ts';

/**
 * The event trail: everything that happened, in order, as plain data. The log, the summary, the annotations and the outputs
 * are renderings of it and know nothing else, so what was said can always be derived again from what happened.
 * Times are milliseconds since 1970 (`at`), lengths of time milliseconds.
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
  /** Absent: a release. */
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

/** Preflight: what is there before anything is changed. */
export interface ServiceInspected {
  readonly kind: 'service-inspected';
  readonly serviceArn: string;
  readonly taskDefinitionArn: string;
  readonly image: string | null;
  readonly desiredCount: number;
  readonly runningCount: number;
  /** Null: not behind a load balancer. */
  readonly traffic: {
    readonly loadBalancer: string;
    readonly productionRule: string;
    readonly testRule: string | null;
    readonly targetGroups: readonly string[];
  } | null;
  /** The one target group of a service that ECS updates in batches. Absent: it has none, or is not updated so. */
  readonly targetGroup?: string;
}

export interface ImageBuilt {
  readonly kind: 'built';
  readonly took: number;
  /** Absent when a tag of this very commit was already in an immutable repository. */
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
  /** The previous one where nothing is registered: in a dry run, and when unchanged. */
  readonly taskDefinitionArn: string;
  readonly previousTaskDefinitionArn: string | null;
  readonly containerName: string;
  readonly image: string;
  /** True: the content was the same, nothing was registered. */
  readonly unchanged: boolean;
  readonly changes: readonly TaskDefinitionChange[];
}

/** A difference between two task definitions: `containerDefinitions.web.cpu`. Null: not there. Values of secrets are references, never contents. */
export interface TaskDefinitionChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What a percentage is a share of, where it is not production traffic. */
export type ShareOf = 'work' | 'tasks';

/** How the release will travel: told when all is known and production is still untouched. The end of a dry run. */
export interface RolloutPlanned {
  readonly kind: 'planned';
  /** Of what the steps are a share; absent: of production traffic. */
  readonly of?: ShareOf;
  readonly steps: readonly number[];
  /** The least and the longest time at each step below 100%. */
  readonly bakeTime: number;
  readonly stepTimeout: number;
  /** How long the old revision stays hot after 100%. */
  readonly keepOld: number;
  /** Smoke tests before production traffic, in words: `/health answers 200, 10 times`. */
  readonly smokeTests: readonly string[];
  /** What else is waited for at which step, in words: `at 30%: an approval, within 2h`. */
  readonly gates?: readonly string[];
  /** ECS replaces the tasks in batches instead, within these percentages of the desired count. */
  readonly rolling?: { readonly minimumHealthyPercent: number; readonly maximumPercent: number };
}

/** A return to an earlier release: told when all is known and before anything is done about it. */
export interface RollbackPlanned {
  readonly kind: 'rollback-planned';
  /** The deployment under way that is undone, with the old revision still running; null: the earlier release is rolled out again. */
  readonly serviceDeploymentArn: string | null;
  /** What is left. Null: ECS does not tell. */
  readonly from: ReleaseInTrail | null;
  readonly to: ReleaseInTrail;
  /** Where the deployment that is undone stands, or why it is this release. A clause. */
  readonly because: string;
}

/** A task definition, and where it comes from as far as its tags say it. */
export interface ReleaseInTrail {
  readonly taskDefinitionArn: string;
  readonly commit: string | null;
  readonly actor: string | null;
  readonly run: string | null;
}

export interface RolloutStarted {
  readonly kind: 'rollout-started';
  readonly serviceDeploymentArn: string;
  /** True: an earlier run's deployment of the same release is carried on. */
  readonly adopted: boolean;
  /** It is only followed on its way back, which was asked for already. */
  readonly undone?: true;
  readonly steps: readonly number[];
  /** How long ECS waits for us at each step before it rolls back by itself; null: it does not wait, and goes on by itself. */
  readonly hookTimeout: number | null;
  readonly canaryTargetGroup: string | null;
  readonly stableTargetGroup: string | null;
}

/** What is awaited: at least every 30 s while nothing else is said. */
export interface Waiting {
  readonly kind: 'waiting';
  /** Completes "waiting for ...". */
  readonly what: string;
  readonly since: number;
  /** When the wait ends by itself, and what then happens: `otherwise` completes "then ...". */
  readonly until: number | null;
  readonly otherwise: string | null;
}

export interface SmokeTested {
  readonly kind: 'smoke-tested';
  readonly url: string;
  readonly expected: number;
  readonly passed: number;
  readonly of: number;
  /** The first answer that was not as expected, in words; null: all were. */
  readonly problem: string | null;
}

/** ECS sends this share of production traffic to the new revision now (verified on the listener rule). */
export interface StepStarted {
  readonly kind: 'step-started';
  /** Of what `percent` is a share; absent: of production traffic. */
  readonly of?: ShareOf;
  readonly percent: number;
  /** When silence ends in ECS's own rollback; null at 100%. */
  readonly deadline: number | null;
}

/** A step is not left before something besides the evidence: from now on it is asked for. */
export interface GateWaiting {
  readonly kind: 'gate-waiting';
  readonly percent: number;
  /** What is waited for, in words: `an approval`. */
  readonly gate: string;
  /** Then it is rolled back. */
  readonly until: number;
  /** The command that opens it; null: nobody is asked for one. */
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

/** The judge looked: the whole recording so far, so that the last one suffices for the charts. */
export interface Evaluated {
  readonly kind: 'evaluated';
  readonly percent: number;
  readonly verdict: Verdict['verdict'];
  readonly because: string;
  /** Seconds a period lasts, and the time of t = 0. */
  readonly period: number;
  readonly origin: number;
  readonly minutes: readonly Minute[];
  readonly evidence: readonly Evidence[];
  readonly health: ArmsHealth;
  /** When each step began, in periods since the origin: with the minutes and the settings a recording that can be judged again. */
  readonly steps?: readonly Step[];
  /** Metrics that CloudWatch was asked for so far: it charges by them. */
  readonly metricsAsked?: number;
  /** What the judge was told; the report names the limits from it. */
  readonly settings?: Partial<JudgeSettings>;
  /** The stable arm's p50, p90 and p99 before the rollout, in seconds: what "slow" is measured against. */
  readonly thresholds?: readonly number[];
  /** What `requests` are, where they are none. */
  readonly counted?: 'messages';
  /** The canary's requests are those to both versions: nothing tells them apart. */
  readonly arms?: 'together';
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
  /** judge: the counts; health: targets or tasks; smoke-test; gate: it said no, or never opened; deadline; cancel; start: never became healthy; ecs: ECS itself decided; request: a person wants it undone. */
  readonly cause:
    | 'judge'
    | 'alarm'
    | 'health'
    | 'smoke-test'
    | 'gate'
    | 'deadline'
    | 'cancel'
    | 'start'
    | 'ecs'
    | 'request'
    | 'problem';
  readonly reason: string;
}

export interface CancelRequested {
  readonly kind: 'cancel-requested';
  readonly signal: string;
}

/** What was found out about a failure. */
export interface Diagnosed {
  readonly kind: 'diagnosed';
  /** The service's last events, newest first. */
  readonly serviceEvents: readonly { readonly at: number; readonly message: string }[];
  readonly stoppedTasks: readonly StoppedTask[];
  /** The failing container's last lines. */
  readonly log: {
    /** In words. */
    readonly source: string;
    readonly lines: readonly string[];
    /** CloudWatch Logs, where it is from there: for the link. */
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

/** Something a person should know that is no outcome. Errors become annotations: one for each cause. */
export interface Notice {
  readonly kind: 'notice';
  readonly level: 'notice' | 'warning' | 'error';
  readonly message: string;
}

export type OutcomeName = 'deployed' | 'unchanged' | 'rolled-back' | 'dirty' | 'failed';

/** The last event. `failed`: stopped before production was touched (bad input, failed build, refused by AWS). */
export interface Finished {
  readonly kind: 'finished';
  readonly outcome: OutcomeName;
  /** One or two plain sentences: why. */
  readonly reason: string;
  readonly took: number;
  /** Percent of production traffic on the new revision at the end, as verified; null where it could not be. */
  readonly canaryPercent: number | null;
  /** Of what that is a share; absent: of production traffic. */
  readonly of?: ShareOf;
  /** The task definition that `canaryPercent` is about, where that is not the release's. */
  readonly canary?: string;
  /** Until when the old revision stays hot; null: it does not. */
  readonly oldRevisionUntil: number | null;
}
