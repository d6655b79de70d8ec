import type { Milliseconds } from '../src/core/time/clock.ts';

/**
 * The interfaces between the services of the sandbox and to their environment. The state machines
 * (ecs/, elbv2/, cloudwatch/ ...) depend only on these and a Clock, so the same code runs with real
 * containers in real time and in simulations on a virtual clock.
 */

/** The load balancer as used by ECS. Throws AwsError when ELBv2 refuses. Implemented by elbv2/. */
export interface LoadBalancing {
  /** `null` when the listener rule does not exist. Includes the default rule of a listener. */
  rule(ruleArn: string): ForwardRule | null;
  targetGroup(targetGroupArn: string): TargetGroupFacts | null;
  /** Replaces the weights of the forward action; other actions and target groups are unchanged. */
  setWeights(ruleArn: string, weights: ReadonlyMap<string, number>): void;
  /** The same for a forward action that may lack some of the target groups: they are added. */
  addWeights(ruleArn: string, weights: ReadonlyMap<string, number>): void;
  register(targetGroupArn: string, target: Target): void;
  /**
   * Starts draining. The target is removed after the group's deregistration delay, or earlier when
   * it has no requests in flight.
   */
  deregister(targetGroupArn: string, target: Target): void;
  health(targetGroupArn: string): readonly TargetHealth[];
}

export interface ForwardRule {
  readonly ruleArn: string;
  readonly listenerArn: string;
  readonly loadBalancerArn: string;
  /** Target groups of the forward action; empty without a forward action. */
  readonly targetGroups: readonly { readonly targetGroupArn: string; readonly weight: number }[];
}

export interface TargetGroupFacts {
  readonly targetGroupArn: string;
  readonly targetType: 'ip' | 'instance';
  /** `null` while no listener uses it. */
  readonly loadBalancerArn: string | null;
  readonly deregistrationDelay: Milliseconds;
}

/** `id` is an address for target type `ip`, and an instance id for `instance`. */
export interface Target {
  readonly id: string;
  readonly port: number;
}

export interface TargetHealth extends Target {
  readonly state: 'initial' | 'healthy' | 'unhealthy' | 'draining' | 'unused' | 'unavailable';
  /** Why it is not healthy, as DescribeTargetHealth describes it. */
  readonly description: string | null;
}

/**
 * Receives metrics; implemented by cloudwatch/. Every value is stored, so that percentiles, PR()
 * and TC() are exact.
 */
export interface MetricSink {
  record(sample: {
    readonly namespace: string;
    readonly metric: string;
    /**
     * All published combinations: AWS/ApplicationELB publishes by TargetGroup + LoadBalancer and by
     * LoadBalancer.
     */
    readonly dimensions: readonly Readonly<Record<string, string>>[];
    readonly at: number;
    readonly value: number;
    /** How often the value was measured at that time; default 1. */
    readonly count?: number;
    readonly unit: 'Count' | 'Seconds' | 'Percent' | 'Megabytes' | 'None';
  }): void;
}

/** The subnets of tasks. Implemented by ecs/. */
export interface Subnets {
  /** Addresses that tasks can still get. */
  freeAddresses(id: string): number;
}

/** ECS services as scaled by Application Auto Scaling. Implemented by ecs/. */
export interface ScalableServices {
  /** `null` when it does not exist. */
  find(
    cluster: string,
    service: string,
  ): { readonly desiredCount: number; readonly isDeploying: boolean } | null;
  scale(cluster: string, service: string, desiredCount: number): void;
}

/** Auto Scaling groups as used by ECS's capacity providers. Implemented by auto-scaling/. */
export interface InstanceGroups {
  /** `null` when it does not exist. */
  find(arn: string): InstanceGroup | null;
  /** Adds instances, up to the maximum of the group. */
  grow(arn: string, by: number): void;
  /** Removes an instance that has no tasks, down to the minimum of the group. */
  release(arn: string, ec2InstanceId: string): void;
  /** An instance is gone: the group that it belonged to, if any, replaces it. */
  lose(ec2InstanceId: string): void;
}

export interface InstanceGroup {
  readonly arn: string;
  readonly name: string;
  readonly instanceType: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly desired: number;
  readonly instances: readonly {
    readonly id: string;
    readonly zone: string;
    /** `Terminating:Wait`: it is terminated as soon as ECS has drained it. */
    readonly state: 'Pending' | 'InService' | 'Terminating:Wait';
  }[];
}

/** CloudWatch alarms as used by ECS during a deployment. Implemented by cloudwatch/. */
export interface Alarms {
  /** `null` when the alarm does not exist. */
  state(alarmName: string): 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | null;
}

/**
 * Receives the output of containers; implemented by cloudwatch-logs/. Creates missing log groups.
 */
export interface LogSink {
  append(group: string, stream: string, at: number, message: string): void;
}

/**
 * Runs tasks with a Docker engine or simulated. Never throws; failures are reported to
 * `TaskReports`.
 */
export interface TaskRunner {
  start(task: TaskToRun, reports: TaskReports): void;
  /**
   * Sends SIGTERM, then SIGKILL after the containers' stopTimeout; reports `stopped` at the end.
   * Idempotent.
   */
  stop(taskArn: string): void;
  /** The host is gone: the task ends at once, and nothing is reported. */
  vanish(taskArn: string): void;
  /** Removes everything that it started. */
  close(): Promise<void>;
}

export interface TaskToRun {
  readonly taskArn: string;
  readonly family: string;
  readonly revision: number;
  readonly networkMode: 'awsvpc' | 'bridge' | 'host' | 'none';
  /** The EC2 instance that it is placed on; `null` on Fargate. */
  readonly instanceId: string | null;
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
  /** CPU units (1024 = one core) and MiB; `null` for no limit. */
  readonly cpu: number | null;
  readonly memory: number | null;
  readonly stopTimeout: Milliseconds;
  /** The awslogs destination of the output; `null` to discard it. */
  readonly log: { readonly group: string; readonly stream: string } | null;
}

export interface TaskReports {
  /**
   * The image is resolved and the container is created. `digest` is the sha256:... of the image.
   */
  pulled(container: string, digest: string): void;
  /** All containers run. `addresses`, by container and port, are registered with target groups. */
  running(placement: TaskPlacement): void;
  /** Called once at the end, also for a task that never ran. */
  stopped(end: TaskEnd): void;
}

export interface TaskPlacement {
  /** The address of the task (awsvpc). */
  readonly address: string;
  readonly ports: readonly {
    readonly container: string;
    readonly containerPort: number;
    readonly hostPort: number;
  }[];
}

export interface TaskEnd {
  /**
   * The reason in ECS's wording: "Essential container in task exited", "CannotPullContainerError:
   * ...".
   */
  readonly reason: string;
  readonly stopCode:
    | 'EssentialContainerExited'
    | 'TaskFailedToStart'
    | 'UserInitiated'
    | 'ServiceSchedulerInitiated'
    | 'SpotInterruption'
    | 'TerminationNotice'
    | 'InfrastructureHealth';
  readonly containers: readonly {
    readonly name: string;
    readonly exitCode: number | null;
    readonly reason: string | null;
  }[];
}

/**
 * Carries requests: a real proxy or simulated traffic. elbv2/ passes the complete routing on every
 * change.
 */
export interface DataPlane {
  /**
   * Opens and closes ports so that exactly these listeners are served. Rejects when a port cannot
   * be opened.
   */
  apply(listeners: readonly ListenerRouting[]): Promise<void>;
  /** One health check: the status code, or why there is none. */
  probe(
    target: Target,
    check: HealthCheck,
  ): Promise<{ readonly status: number } | { readonly problem: 'timeout' | 'unreachable' }>;
  /**
   * The number of requests in flight at a target. Without it, draining takes the whole
   * deregistration delay.
   */
  inFlight?(targetGroupArn: string, target: Target): number;
  close(): Promise<void>;
}

export interface HealthCheck {
  readonly path: string;
  /** `null` for the target's own port. */
  readonly port: number | null;
  readonly timeout: Milliseconds;
}

export interface ListenerRouting {
  readonly listenerArn: string;
  readonly loadBalancerArn: string;
  readonly port: number;
  /** How long a target may send nothing before the client gets a 504; default 60 s. */
  readonly idleTimeout?: Milliseconds;
  /** For HTTPS: the default certificate first. Absent for HTTP. */
  readonly certificates?: readonly StoredCertificate[];
  /** In order of priority, the default rule last. */
  readonly rules: readonly RuleRouting[];
}

/** Certificates with their keys, as PEM. Implemented by acm/. */
export interface Certificates {
  /** `null` when there is no such certificate. */
  find(arn: string): StoredCertificate | null;
}

export interface StoredCertificate {
  readonly arn: string;
  /** DNS names, which may start with `*.`. */
  readonly names: readonly string[];
  /** With its chain. */
  readonly certificate: string;
  readonly privateKey: string;
  readonly validUntil: number;
}

export interface RuleRouting {
  readonly ruleArn: string;
  readonly conditions: readonly RuleCondition[];
  readonly action: ForwardAction | FixedResponse | Redirect;
}

export interface RuleCondition {
  readonly field:
    'path-pattern' | 'host-header' | 'http-header' | 'http-request-method' | 'query-string' | 'source-ip';
  /** Only for http-header. */
  readonly header: string | null;
  /** `key` is only used for query-string and may be empty. Wildcards * and ? work as on AWS. */
  readonly values: readonly { readonly key: string | null; readonly value: string }[];
}

export interface ForwardAction {
  readonly kind: 'forward';
  readonly groups: readonly {
    readonly targetGroupArn: string;
    readonly weight: number;
    /**
     * The targets that receive requests: the healthy ones, or all when none is healthy (AWS fails
     * open).
     */
    readonly targets: readonly Target[];
    /** Stickiness (lb_cookie) of the target group; `null` when off. */
    readonly targetStickiness: Milliseconds | null;
  }[];
  /** Stickiness between the groups of the forward action; `null` when off. */
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
