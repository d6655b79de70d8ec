import type { Service, ServiceDeployment, ServiceRevisionSummary, Tag } from '@aws-sdk/client-ecs';
import type { Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { differencesOf, hasEnded } from '../drift/drift.ts';
import type { Observed } from '../drift/observed.ts';
import { leftoversOn } from '../reconcile/finding.ts';
import { nameOfArn } from '../../core/arn.ts';
import { isDead, writtenIn } from '../../aws/lease/run-tag.ts';
import { type Provenance, NOT_KNOWN } from '../../aws/ecs/provenance.ts';
import type { Version } from '../../aws/ecs/releases.ts';
import { trafficOf } from '../../rollout/strategies/strategies.ts';
import { productionRuleOf } from '../../rollout/traffic/drift.ts';
import { gateIn } from '../../rollout/traffic/gate-tag.ts';
import { shareOf } from '../../rollout/strategies/canary/listener-rule.ts';
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
  /**
   * How the service differs from its last release, its configuration and git: one line for each
   * difference, with the fix; `null` for none.
   */
  readonly drift: string | null;
  /** What is good to know and needs no correction, one line for each; `null` for nothing. */
  readonly information: string | null;
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

/** Whether a service differs from what it should be. Pure. */
export function isDrifted({ drift, leftBehind }: ServiceStatus): boolean {
  return drift !== null || leftBehind !== null;
}

/** Pure. */
export function statusOf(service: Service, found: Observed): ServiceStatus {
  const { tags = [] } = service;
  const described = found.deployments.get(service.currentServiceDeployment);
  const deployment = described ? underWay(described, tags) : null;
  const isUnderWay = described !== undefined && !hasEnded(described);
  const lease = writtenIn(tags);
  const isHeld = lease !== null && !isDead(lease, found.now);
  const { drift, information } = differencesOf(service, found);
  return {
    service: service.serviceName!,
    serviceArn: service.serviceArn!,
    status: service.status ?? 'UNKNOWN',
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    revisions: revisionsOf(service, found),
    deployment: isUnderWay ? deployment : null,
    heldBy: isHeld ? { run: lease.inWords, until: lease.until } : null,
    leftBehind: leftoversOn(service, isUnderWay ? described : null, found.now),
    drift: linesOf(drift),
    information: linesOf(information),
  };
}

function linesOf(lines: readonly string[]): string | null {
  return lines.length === 0 ? null : lines.join('\n');
}

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

function revisionsOf(service: Service, found: Observed): readonly RunningRevision[] {
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
  { rule, releases, targets }: Pick<Observed, 'releases' | 'targets'> & { readonly rule: Rule | undefined },
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
function withoutRevisions({ deployments = [] }: Service, { releases }: Observed): readonly RunningRevision[] {
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
