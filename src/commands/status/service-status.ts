import type { Service, ServiceDeployment, ServiceRevisionSummary, Tag } from '@aws-sdk/client-ecs';
import type { Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { nameOfArn } from '../../core/arn.ts';
import type { TargetCounts } from '../../aws/elb/rules-and-targets.ts';
import { isDead, writtenIn } from '../../aws/lease/run-tag.ts';
import { type Provenance, NOT_KNOWN } from '../../aws/ecs/provenance.ts';
import type { Release, Version } from '../../aws/ecs/releases.ts';
import { trafficOf } from '../../rollout/strategies/strategies.ts';
import { driftOf, productionRuleOf } from '../../rollout/traffic/drift.ts';
import { gateIn } from '../../rollout/traffic/gate-tag.ts';
import { shareOf } from '../../rollout/strategies/canary/listener-rule.ts';
import { leftTags } from '../../rollout/traffic/leftover-tags.ts';
import { patienceOf } from '../../rollout/strategies/paused/pause-hook.ts';
import type { Phase } from '../../rollout/traffic/traffic-mover.ts';

/** The current status of a service. Times are milliseconds since 1970. */
export interface ServiceStatus {
  readonly service: string;
  readonly serviceArn: string;
  readonly status: string;
  readonly desired: number;
  readonly running: number;
  /** The revision with the most traffic first. */
  readonly revisions: readonly RunningRevision[];
  /** `null` if no deployment is in progress. */
  readonly deployment: DeploymentStatus | null;
  /** The run that holds the lease, as text; `null` for none. */
  readonly heldBy: { readonly run: string; readonly until: number | null } | null;
  /** What a killed run left on the service, as text; `null` for nothing. */
  readonly leftBehind: string | null;
  /** Traffic that reaches no task, as text with the fix; `null` for none. */
  readonly drift: string | null;
}

export interface RunningRevision extends Provenance {
  readonly taskDefinitionArn: string;
  /** Images by container. */
  readonly images: Readonly<Record<string, string>>;
  /** When ECS created the revision, which is when its deployment started. */
  readonly since: number | null;
  readonly running: number;
  readonly desired: number;
  /** Healthy targets; `null` if not known. */
  readonly healthy: number | null;
  /** The share of production traffic by the listener rule; `null` if not known. */
  readonly percent: number | null;
}

export interface DeploymentStatus {
  readonly serviceDeploymentArn: string;
  /** Whether ecs-ramp started it and answers its pauses. */
  readonly ours: boolean;
  readonly phase: Phase;
  /** The lifecycle stage in ECS. */
  readonly stage: string;
  /** `null` for a rolling update, where it is not known. */
  readonly percent: number | null;
  readonly startedAt: number;
  /** The current pause of ECS: its start, and when ECS rolls back without an answer. */
  readonly pause: { readonly since: number; readonly until: number } | null;
  /** The step that waits for an approval, and its deadline. */
  readonly approval: { readonly percent: number; readonly until: number } | null;
  /** Whether `continue`, or the next release, can end the time for which the old revision is kept. */
  readonly keepCanEnd: boolean;
  /** Until when the old revision is kept at 100%; `null` before 100%. */
  readonly oldRevisionUntil: number | null;
  readonly reason: string | null;
}

/** All data that was read. */
export interface StatusData {
  readonly now: number;
  readonly deployments: ReadonlyMap<string | undefined, ServiceDeployment>;
  readonly versions: ReadonlyMap<string, Version>;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly releases: ReadonlyMap<string, Release>;
  readonly targets: ReadonlyMap<string, TargetCounts>;
}

const OVER = new Set<Phase>(['done', 'rolled-back', 'failed']);

/** Pure. */
export function statusOf(service: Service, found: StatusData): ServiceStatus {
  const { tags = [], deploymentConfiguration } = service;
  const described = found.deployments.get(service.currentServiceDeployment);
  const deployment = described ? underWay(described, tags) : null;
  const isUnderWay = deployment !== null && !OVER.has(deployment.phase);
  const lease = writtenIn(tags);
  const isHeld = lease !== null && !isDead(lease, found.now);
  const rule = found.rules.get(productionRuleOf(service) ?? '');
  const left = patienceOf(deploymentConfiguration) !== null || leftTags(tags).length > 0;
  return {
    service: service.serviceName!,
    serviceArn: service.serviceArn!,
    status: service.status ?? 'UNKNOWN',
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    revisions: revisionsOf(service, found),
    deployment: isUnderWay ? deployment : null,
    heldBy: isHeld ? { run: lease.inWords, until: lease.until } : null,
    leftBehind: left && !isHeld && !(isUnderWay && deployment.ours) ? LEFT_BEHIND : null,
    drift: rule ? driftOf(service, rule, found.targets) : null,
  };
}

const LEFT_BEHIND =
  "the pause hook of a rollout, or its copy of the service's own deployment configuration: the next release or `ecs-ramp reconcile` removes it";

function underWay(deployment: ServiceDeployment, tags: readonly Tag[]): DeploymentStatus {
  const traffic = trafficOf(deployment);
  const { id, phase, stage, percent, startedAt, pause, oldRevisionUntil, reason } = traffic;
  const gate = gateIn(tags);
  const isAwaited =
    pause !== null &&
    gate?.says === 'waiting' &&
    gate.deployment === nameOfArn(id) &&
    gate.percent === percent;
  return {
    serviceDeploymentArn: id,
    ours: patienceOf(deployment.deploymentConfiguration) !== null,
    phase,
    stage,
    percent: traffic.share === 'tasks' ? null : percent,
    startedAt,
    pause: pause && { since: pause.since, until: pause.until },
    keepCanEnd: traffic.keep !== undefined,
    approval: isAwaited ? { percent, until: gate.at } : null,
    oldRevisionUntil,
    reason,
  };
}

function revisionsOf(service: Service, found: StatusData): readonly RunningRevision[] {
  const { currentServiceRevisions = [] } = service;
  const rule = found.rules.get(productionRuleOf(service) ?? '');
  const known = currentServiceRevisions.flatMap((summary) => {
    const version = found.versions.get(summary.arn ?? '');
    return version ? [{ summary, version }] : [];
  });
  const revisions = known.map(({ summary, version }) => {
    // In a rolling update, two revisions share a target group: its data belong to neither.
    const sharing = known.filter((other) => other.version.targetGroupArn === version.targetGroupArn);
    const alone = sharing.length === 1 ? version : { ...version, targetGroupArn: null };
    return revisionOf(summary, alone, { rule, ...found });
  });
  if (revisions.length === 0) return withoutRevisions(service, found);
  return revisions.sort((a, b) => (b.percent ?? 0) - (a.percent ?? 0) || (b.since ?? 0) - (a.since ?? 0));
}

function revisionOf(
  { runningTaskCount, requestedTaskCount }: ServiceRevisionSummary,
  { taskDefinitionArn, images, createdAt, targetGroupArn }: Version,
  { rule, releases, targets }: Pick<StatusData, 'releases' | 'targets'> & { readonly rule: Rule | undefined },
): RunningRevision {
  return {
    ...NOT_KNOWN,
    ...releases.get(taskDefinitionArn),
    taskDefinitionArn,
    images,
    since: createdAt,
    running: runningTaskCount ?? 0,
    desired: requestedTaskCount ?? 0,
    healthy: targets.get(targetGroupArn ?? '')?.healthy ?? null,
    percent: rule && targetGroupArn ? shareOf(rule, targetGroupArn) : null,
  };
}

/** For services without revisions: other deployment controllers, and old services. */
function withoutRevisions(
  { deployments = [] }: Service,
  { releases }: StatusData,
): readonly RunningRevision[] {
  return deployments.flatMap(({ taskDefinition, createdAt, runningCount, desiredCount }) =>
    taskDefinition
      ? [
          {
            ...NOT_KNOWN,
            ...releases.get(taskDefinition),
            taskDefinitionArn: taskDefinition,
            images: {},
            since: createdAt?.getTime() ?? null,
            running: runningCount ?? 0,
            desired: desiredCount ?? 0,
            healthy: null,
            percent: null,
          },
        ]
      : [],
  );
}
