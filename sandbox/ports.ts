import type { Milliseconds } from '../src/core/time/clock.ts';

/**
 * What the services of the sandbox need of each other and of the world. The state machines (ecs/, elbv2/, cloudwatch/ ...) know
 * only these and a Clock, so the same core runs over real containers in real time, and in a simulation on a virtual clock.
 */

/** What ECS does to the load balancer. Refuses (AwsError) what ELBv2 refuses. Implemented by elbv2/. */
export interface LoadBalancing {
  /** Null when there is no such listener rule. A listener's default rule counts. */
  rule(ruleArn: string): ForwardRule | null;
  targetGroup(targetGroupArn: string): TargetGroupFacts | null;
  /** Replaces the weights of the forward action, leaving other actions and target groups as they are. */
  setWeights(ruleArn: string, weights: ReadonlyMap<string, number>): void;
  register(targetGroupArn: string, target: Target): void;
  /** Begins draining; the target is gone after the group's deregistration delay, or as soon as nothing is in flight. */
  deregister(targetGroupArn: string, target: Target): void;
  health(targetGroupArn: string): readonly TargetHealth[];
}

export interface ForwardRule {
  readonly ruleArn: string;
  readonly listenerArn: string;
  readonly loadBalancerArn: string;
  /** Of the forward action; empty if it has none. */
  readonly targetGroups: readonly { readonly targetGroupArn: string; readonly weight: number }[];
}

export interface TargetGroupFacts {
  readonly targetGroupArn: string;
  readonly targetType: 'ip' | 'instance';
  /** Null while no listener uses it. */
  readonly loadBalancerArn: string | null;
  readonly deregistrationDelay: Milliseconds;
}

/** `id` is an address for target type ip, an instance id for instance. */
export interface Target {
  readonly id: string;
  readonly port: number;
}

export interface TargetHealth extends Target {
  readonly state: 'initial' | 'healthy' | 'unhealthy' | 'draining' | 'unused' | 'unavailable';
  readonly reason: string | null;
}

/** Where metrics go; implemented by cloudwatch/. Values are kept one by one so that percentiles, PR() and TC() are exact. */
export interface MetricSink {
  record(sample: {
    readonly namespace: string;
    readonly metric: string;
    /** Every combination under which it is published, as AWS/ApplicationELB publishes by TargetGroup + LoadBalancer and by LoadBalancer. */
    readonly dimensions: readonly Readonly<Record<string, string>>[];
    readonly at: number;
    readonly value: number;
    /** How often the value was measured at that time; 1 unless told. */
    readonly count?: number;
    readonly unit: 'Count' | 'Seconds' | 'Percent' | 'Megabytes' | 'None';
  }): void;
}

/** What ECS asks of CloudWatch while it deploys. Implemented by cloudwatch/. */
export interface Alarms {
  /** Null when there is no such alarm. */
  state(alarmName: string): 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | null;
}

/** Where containers' output goes; implemented by cloudwatch-logs/. Refuses nothing: a missing group is made. */
export interface LogSink {
  append(group: string, stream: string, at: number, message: string): void;
}

/** Runs tasks: with a Docker engine, or simulated. Never throws; failures are told through `TaskReports`. */
export interface TaskRunner {
  start(task: TaskToRun, reports: TaskReports): void;
  /** SIGTERM, then SIGKILL after the containers' stopTimeout; `stopped` is reported at the end. Idempotent. */
  stop(taskArn: string): void;
  /** Removes everything that it started. */
  close(): Promise<void>;
}

export interface TaskToRun {
  readonly taskArn: string;
  readonly family: string;
  readonly revision: number;
  readonly networkMode: 'awsvpc' | 'bridge' | 'host' | 'none';
  readonly containers: readonly ContainerToRun[];
}

export interface ContainerToRun {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly command: readonly string[] | null;
  readonly entryPoint: readonly string[] | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly portMappings: readonly { readonly containerPort: number; readonly hostPort: number | null }[];
  /** CPU units (1024 = one core) and MiB; null: no limit. */
  readonly cpu: number | null;
  readonly memory: number | null;
  readonly stopTimeout: Milliseconds;
  /** awslogs: where its output goes; null: nowhere. */
  readonly log: { readonly group: string; readonly stream: string } | null;
}

export interface TaskReports {
  /** Image resolved, container created. `digest` is sha256:... of the image that runs. */
  pulled(container: string, digest: string): void;
  /** All containers run. Addresses by container and port: what a target group is told. */
  running(placement: TaskPlacement): void;
  /** Once, at the end, also when it never ran. */
  stopped(end: TaskEnd): void;
}

export interface TaskPlacement {
  /** The task's own address (awsvpc). */
  readonly address: string;
  readonly ports: readonly {
    readonly container: string;
    readonly containerPort: number;
    readonly hostPort: number;
  }[];
}

export interface TaskEnd {
  /** ECS's words: "Essential container in task exited", "CannotPullContainerError: ...". */
  readonly reason: string;
  readonly stopCode:
    'EssentialContainerExited' | 'TaskFailedToStart' | 'UserInitiated' | 'ServiceSchedulerInitiated';
  readonly containers: readonly {
    readonly name: string;
    readonly exitCode: number | null;
    readonly reason: string | null;
  }[];
}

/**
 * Carries requests: a real listening proxy, or simulated traffic. elbv2/ tells it the whole routing whenever that changes;
 * it asks `route` for nothing else.
 */
export interface DataPlane {
  /** Opens and closes ports so that exactly these listeners are served. Rejects when a port cannot be had. */
  apply(listeners: readonly ListenerRouting[]): Promise<void>;
  /** One health check: the status code, or why there was none. */
  probe(
    target: Target,
    check: HealthCheck,
  ): Promise<{ readonly status: number } | { readonly problem: 'timeout' | 'unreachable' }>;
  /** Requests that a target is answering now. Without it, a target that drains is kept for the whole deregistration delay. */
  inFlight?(targetGroupArn: string, target: Target): number;
  close(): Promise<void>;
}

export interface HealthCheck {
  readonly path: string;
  /** Null: the target's own port. */
  readonly port: number | null;
  readonly timeout: Milliseconds;
}

export interface ListenerRouting {
  readonly listenerArn: string;
  readonly loadBalancerArn: string;
  readonly port: number;
  /** How long a target may be silent before the client is told 504; default 60 s. */
  readonly idleTimeout?: Milliseconds;
  /** In order of priority, the default rule last. */
  readonly rules: readonly RuleRouting[];
}

export interface RuleRouting {
  readonly ruleArn: string;
  readonly conditions: readonly RuleCondition[];
  readonly action: ForwardAction | FixedResponse | Redirect;
}

export interface RuleCondition {
  readonly field:
    'path-pattern' | 'host-header' | 'http-header' | 'http-request-method' | 'query-string' | 'source-ip';
  /** Of http-header. */
  readonly header: string | null;
  /** Of query-string, `key` may be empty; for others only `value` counts. Wildcards * and ? as on AWS. */
  readonly values: readonly { readonly key: string | null; readonly value: string }[];
}

export interface ForwardAction {
  readonly kind: 'forward';
  readonly groups: readonly {
    readonly targetGroupArn: string;
    readonly weight: number;
    /** Those that take requests now: healthy ones, or all when none is healthy (AWS fails open). */
    readonly targets: readonly Target[];
    /** Target-group stickiness (lb_cookie) of the group itself; null: off. */
    readonly targetStickiness: Milliseconds | null;
  }[];
  /** Stickiness between the groups of the forward action; null: off. */
  readonly groupStickiness: Milliseconds | null;
}

export interface FixedResponse {
  readonly kind: 'fixed-response';
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface Redirect {
  readonly kind: 'redirect';
  readonly status: number;
  readonly location: string;
}
