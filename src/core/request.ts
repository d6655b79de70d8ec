import type { Access } from './access.ts';
import type { Milliseconds } from './time/clock.ts';
import type { StrategyInput } from './plan/strategies.ts';

/** All that a run was asked to do: validated, complete, every default filled in. Nothing downstream reads an input again. */
export interface Request {
  readonly service: string;
  readonly cluster: string;
  readonly image: BuildRequest | GivenImage;
  readonly taskDefinition: TaskDefinitionRequest;
  readonly rollout: RolloutRequest;
  /** Where AWS is, and as whom. */
  readonly access: Access;
  readonly source: Source;
  /** Says what would be done, with everything that can be read checked, and changes nothing. */
  readonly dryRun: boolean;
  /** Where the event trail (JSON lines) and the summary (Markdown) are written. Absolute paths. */
  readonly eventsFile: string;
  readonly summaryFile: string;
  /** What the judge was told, for `ecs-ramp judge`; beside the event trail. */
  readonly recordingFile: string;
}

/** All that a return to an earlier release was asked to do. */
export interface RollbackRequest {
  readonly service: string;
  readonly cluster: string;
  /** A task definition (FAMILY:REVISION or its ARN), or a commit; null: the release before the one that serves. */
  readonly to: string | null;
  /** Of the rollout of an earlier release that runs no more. */
  readonly rollout: RolloutRequest;
  readonly access: Access;
  readonly source: Source;
  readonly dryRun: boolean;
  readonly eventsFile: string;
  readonly summaryFile: string;
  readonly recordingFile: string;
}

/** Where else it is told what happens, besides the log and the summary. */
export interface NotificationSettings {
  /** Null: nothing is told on GitHub. */
  readonly token: string | null;
  readonly deployment: boolean;
  readonly commitStatus: boolean;
  readonly comment: boolean;
  readonly issueOnRollback: boolean;
  /** As ecs-ramp.yml or the workflow names it; null: not known. */
  readonly environment: string | null;
  /** May have {service} in it. */
  readonly environmentUrl: string | null;
  readonly webhook: { readonly url: string; readonly format: 'json' | 'teams' } | null;
}

/** The commit a release comes from, as far as the workflow knows it. */
export interface Source {
  readonly commit: string | null;
  /** https://github.com/OWNER/NAME */
  readonly repositoryUrl: string | null;
  /** When the commit was made, ISO 8601; goes into org.opencontainers.image.created so that a re-run builds the same image. */
  readonly committedAt: string | null;
  /** The page of this workflow run. */
  readonly runUrl: string | null;
  readonly actor: string | null;
  /** GitHub's count of this workflow's runs; left out: it is no run of GitHub's. */
  readonly count?: {
    /** The workflow's file: `shop/web/.github/workflows/deploy.yml`. */
    readonly workflow: string;
    readonly number: number;
  };
  /** How somebody asked for just this commit, if it is old too; left out: nobody did. */
  readonly meant?: string;
  /** GitHub's count of how often this run was run; left out: once. */
  readonly attempt?: number;
}

/** An image that exists: `repository:tag` or `repository@sha256:...`. Nothing is built. */
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
  /** Secret id to value, as `RUN --mount=type=secret,id=...` reads it. Masked in the log. */
  readonly buildSecrets: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Empty: the engine's own platform. */
  readonly platforms: readonly string[];
  readonly cacheFrom: readonly string[];
  /** At least one; the first names the release. Defaults to the commit's full SHA. */
  readonly tags: readonly string[];
  readonly push: PushTarget;
}

/** Where the image goes. `registry` null: the account's own ECR, whose address and token come from the API. */
export interface PushTarget {
  /** Name inside the registry, without host or tag: `shop/web`. */
  readonly repository: string;
  /** `registry.example.com` or `registry.example.com:5000`; null for ECR. */
  readonly registry: string | null;
  readonly username: string | null;
  readonly password: string | null;
}

export interface TaskDefinitionRequest {
  /** Absolute path of a task definition in JSON; null: the one that the service runs now. */
  readonly file: string | null;
  /** Null: the only container of the task definition (several: an error that lists them). */
  readonly containerName: string | null;
  /** Set on the released container; others it has are kept. */
  readonly environmentVariables: Readonly<Record<string, string>>;
  /** The container's secrets: name to valueFrom (an ARN of Secrets Manager or SSM). */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface RolloutRequest {
  readonly strategy: StrategyInput;
  /** Percent of production traffic, ascending, in tenths, the last one 100: [10, 30, 60, 90, 100]. */
  readonly steps: readonly number[];
  /** The least time at each step below 100%. */
  readonly bakeTime: Milliseconds;
  /** The longest time at each step: then the evidence is inconclusive. ECS's own timeout follows from it. */
  readonly stepTimeout: Milliseconds;
  /** The longest time for the new revision to start and become healthy. */
  readonly startTimeout: Milliseconds;
  /** How long the old revision stays hot after 100%: whole minutes. */
  readonly keepOld: Milliseconds;
  /** What else is waited for before a step is left. */
  readonly gates: readonly Gate[];
  readonly smokeTests: readonly SmokeTest[];
  /** Base URL of the test listener, where it cannot be told from the load balancer; null: found out. */
  readonly smokeTestUrl: string | null;
  readonly judging: Judging;
  readonly metrics: readonly CustomMetric[];
  /** Names of CloudWatch alarms: one that was quiet at the start and fires is a rollback by itself. */
  readonly alarms: readonly string[];
  readonly onInconclusive: 'rollback' | 'continue';
  readonly onConflict: 'wait' | 'fail';
  /** The longest wait for somebody else's deployment. */
  readonly conflictTimeout: Milliseconds;
  readonly onCancel: 'rollback' | 'leave';
  /** What becomes of a release whose commit is older than what is live. */
  readonly onNewer: 'fail' | 'deploy';
}

/** One more condition for going on, which can only hold a rollout up, or end it. */
export type Gate = {
  /** The step that is not left before: one of the steps below 100, or 0, before any production traffic. */
  readonly percent: number;
  /** Counts from the beginning of ECS's pause there; then the rollout is rolled back. */
  readonly within: Milliseconds;
} & (
  | { readonly kind: 'approval' }
  | { readonly kind: 'webhook'; readonly url: string }
  | {
      readonly kind: 'command';
      readonly program: string;
      readonly args: readonly string[];
      /** Where it runs. Absolute. */
      readonly directory: string;
    }
);

/** A request to the new revision through the test listener, before production traffic: all `times` answers must be `status`. */
export interface SmokeTest {
  readonly path: string;
  readonly status: number;
  readonly times: number;
}

/** The user's own CloudWatch metrics, told apart by version: counts are judged like errors, a limit like max-error-rate. */
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
      /** As CloudWatch knows it: Maximum, Average, p99. */
      readonly statistic: string;
      readonly metric: MetricName;
      /** In the metric's own unit. */
      readonly max: number;
    };

export interface MetricName {
  readonly namespace: string;
  readonly metric: string;
  /** Values may have placeholders: {revision}, {task-definition}, {family}, {target-group}, {load-balancer}. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What the judge is told; the meaning of each is in docs/judge.md. */
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
