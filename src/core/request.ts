import type { Access } from './access.ts';
import type { Milliseconds } from './time/clock.ts';
import type { Risk } from './plan/risks.ts';
import type { Secret } from './secrecy/secret.ts';
import type { StrategyInput } from './plan/strategies.ts';

/**
 * Everything a run needs to know: validated, complete, with all defaults. No later code reads an
 * input.
 */
export interface Request {
  readonly service: string;
  readonly cluster: string;
  readonly image: BuildRequest | GivenImage;
  readonly taskDefinition: TaskDefinitionRequest;
  readonly rollout: RolloutRequest;
  readonly access: Access;
  readonly source: Source;
  /** Reports what a run would do and checks everything that can be read. Changes nothing. */
  readonly dryRun: boolean;
  /** Absolute paths of the event trail (JSON lines) and the summary (Markdown). */
  readonly eventsFile: string;
  readonly summaryFile: string;
  /** The input of the judge, for `ecs-ramp judge`; next to the event trail. */
  readonly recordingFile: string;
}

/** Everything a rollback to an earlier release needs to know. */
export interface RollbackRequest {
  readonly service: string;
  readonly cluster: string;
  /**
   * A task definition (FAMILY:REVISION or its ARN) or a commit; `null` for the release before the
   * current one.
   */
  readonly to: string | null;
  /** How to roll out an earlier release that no longer runs. */
  readonly rollout: RolloutRequest;
  readonly access: Access;
  readonly source: Source;
  readonly dryRun: boolean;
  readonly eventsFile: string;
  readonly summaryFile: string;
  readonly recordingFile: string;
}

/** Where the run reports besides the log and the summary. */
export interface NotificationSettings {
  /** `null` when nothing is reported on GitHub. */
  readonly token: Secret | null;
  readonly deployment: boolean;
  readonly commitStatus: boolean;
  readonly comment: boolean;
  readonly issueOnRollback: boolean;
  /** The name in ecs-ramp.yml or the workflow; `null` when not known. */
  readonly environment: string | null;
  /** May contain {service}. */
  readonly environmentUrl: string | null;
  readonly webhook: { readonly url: Secret; readonly format: 'json' | 'teams' } | null;
}

/** The commit of a release, as far as the workflow knows it. */
export interface Source {
  readonly commit: string | null;
  /** https://github.com/OWNER/NAME */
  readonly repositoryUrl: string | null;
  /**
   * When the commit was made, ISO 8601. Used for org.opencontainers.image.created, so that a re-run
   * builds the same image.
   */
  readonly committedAt: string | null;
  /** The page of this workflow run. */
  readonly runUrl: string | null;
  readonly actor: string | null;
  /** The number of this run in its workflow. Absent outside GitHub. */
  readonly count?: {
    /** The workflow file: `shop/web/.github/workflows/deploy.yml`. */
    readonly workflow: string;
    readonly number: number;
  };
  /** How somebody explicitly requested this commit, even if it is old. Absent when nobody did. */
  readonly meant?: string;
  /** The attempt number of this run. Absent for the first attempt. */
  readonly attempt?: number;
}

/** An existing image: `repository:tag` or `repository@sha256:...`. Nothing is built. */
export interface GivenImage {
  readonly kind: 'given';
  readonly reference: string;
}

export interface BuildRequest {
  readonly kind: 'build';
  /** Absolute path of the build context. */
  readonly context: string;
  /** Absolute path of the Dockerfile. */
  readonly file: string;
  readonly target: string | null;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Secret id to value, for `RUN --mount=type=secret,id=...`. Masked in the log. */
  readonly buildSecrets: Readonly<Record<string, Secret>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Empty for the platform of the build engine. */
  readonly platforms: readonly string[];
  readonly cacheFrom: readonly string[];
  /** Whether an image that was built from the same sources is used instead of a build. */
  readonly reuse: boolean;
  /** At least one; the first names the release. Defaults to the commit's full SHA. */
  readonly tags: readonly string[];
  readonly push: PushTarget;
}

/**
 * Where the image is pushed. When `registry` is null, it is the account's own ECR, whose address
 * and token come from the API.
 */
export interface PushTarget {
  /** Name inside the registry, without host or tag: `shop/web`. */
  readonly repository: string;
  /** `registry.example.com` or `registry.example.com:5000`; `null` for ECR. */
  readonly registry: string | null;
  readonly username: string | null;
  readonly password: Secret | null;
}

export interface TaskDefinitionRequest {
  /** Absolute path of a task definition in JSON; `null` for the one that the service runs now. */
  readonly file: string | null;
  /**
   * `null` for the only container of the task definition. With several containers, that is an error
   * that lists them.
   */
  readonly containerName: string | null;
  /** Variables to set on the released container; its other variables are kept. */
  readonly environmentVariables: Readonly<Record<string, string>>;
  /** Secrets of the container: name to valueFrom (an ARN of Secrets Manager or SSM). */
  readonly secrets: Readonly<Record<string, string>>;
  /** What it and the service must not have. */
  readonly forbid: readonly Risk[];
}

export interface RolloutRequest {
  readonly strategy: StrategyInput;
  /**
   * Percent of production traffic, ascending, in tenths, the last one 100: [10, 30, 60, 90, 100].
   */
  readonly steps: readonly number[];
  /** The minimum time at each step below 100%. */
  readonly bakeTime: Milliseconds;
  /**
   * The longest time at each step; after it, the evidence is inconclusive. The timeout of ECS is
   * derived from it.
   */
  readonly stepTimeout: Milliseconds;
  /** The longest time for the new tasks to become healthy, once ECS has found room for them. */
  readonly startTimeout: Milliseconds;
  /** The longest time to wait for room in the cluster. The other limits do not run meanwhile. */
  readonly capacityTimeout: Milliseconds;
  /** How long the old revision is kept after 100%, in whole minutes. */
  readonly keepOld: Milliseconds;
  /** Extra conditions that must pass before the rollout leaves a step. */
  readonly gates: readonly Gate[];
  readonly smokeTests: readonly SmokeTest[];
  /** Base URL of the test listener; `null` to derive it from the load balancer. */
  readonly smokeTestUrl: string | null;
  readonly judging: Judging;
  readonly metrics: readonly CustomMetric[];
  /**
   * Names of CloudWatch alarms. An alarm that was quiet at the start and fires causes a rollback by
   * itself.
   */
  readonly alarms: readonly string[];
  readonly onInconclusive: 'rollback' | 'continue';
  /** What to do before the build when the cluster's instances have no room for the new tasks. */
  readonly onNoRoom: 'warn' | 'fail';
  /** `hide`: the log lines of failed containers are not read. */
  readonly containerLogs: 'show' | 'hide';
  readonly onConflict: 'wait' | 'fail';
  /** The longest wait for somebody else's deployment. */
  readonly conflictTimeout: Milliseconds;
  readonly onCancel: 'rollback' | 'leave';
  /** What to do with a release whose commit is older than the one that is live. */
  readonly onNewer: 'fail' | 'deploy';
}

/** An extra condition of a step. It can only delay a rollout or end it. */
export type Gate = {
  /** The step of the gate: a step below 100, or 0 for before any production traffic. */
  readonly percent: number;
  /**
   * Time limit from the start of the ECS pause at that step. After it, the rollout is rolled back.
   */
  readonly within: Milliseconds;
} & (
  | { readonly kind: 'approval' }
  | {
      readonly kind: 'webhook';
      /** Scheme, host and port, which may be shown. */
      readonly origin: string;
      readonly url: Secret;
    }
  | {
      readonly kind: 'command';
      readonly program: string;
      /** They may contain secrets. */
      readonly args: readonly Secret[];
      /** The working directory. Absolute. */
      readonly directory: string;
    }
);

/**
 * A request to the new revision through the test listener, before production traffic. All `times`
 * answers must have `status`.
 */
export interface SmokeTest {
  readonly path: string;
  readonly status: number;
  readonly times: number;
}

/**
 * A CloudWatch metric of the user with separate values for each revision. Counts are judged like
 * errors, a limit like max-error-rate.
 */
export type CustomMetric =
  | {
      readonly name: string;
      readonly kind: 'counts';
      /** Summed over the metrics. */
      readonly bad: readonly MetricName[];
      readonly total: readonly MetricName[];
    }
  | {
      readonly name: string;
      readonly kind: 'limit';
      /** A CloudWatch statistic: Maximum, Average, p99. */
      readonly statistic: string;
      readonly metric: MetricName;
      /** In the unit of the metric. */
      readonly max: number;
    };

export interface MetricName {
  readonly namespace: string;
  readonly metric: string;
  /**
   * Values may contain placeholders: {revision}, {task-definition}, {family}, {target-group},
   * {load-balancer}.
   */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** The settings of the judge; docs/judge.md explains each. */
export interface Judging {
  readonly metricPeriod: Milliseconds;
  readonly metricDelay: Milliseconds;
  readonly warmUp: Milliseconds;
  /** Probabilities and rates are fractions: 0.01 is one percent. */
  readonly falseAlarmRate: number;
  readonly errorTolerance: number;
  readonly maxErrorRate: number;
  /** How much slower the canary may be: 1.2 allows 20%. */
  readonly latencyMargin: number;
}
