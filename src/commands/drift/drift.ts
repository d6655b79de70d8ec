import type { Service, ServiceDeployment } from '@aws-sdk/client-ecs';
import type { Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { nameOfArn } from '../../core/arn.ts';
import { releaseInWords } from '../../report/release.ts';
import { quantity } from '../../core/quantity.ts';
import type { Release } from '../../aws/ecs/releases.ts';
import { forwardedGroups } from '../../rollout/strategies/canary/listener-rule.ts';
import { trafficOf } from '../../rollout/strategies/strategies.ts';
import type { Phase } from '../../rollout/traffic/traffic-mover.ts';
import {
  foreignTraffic,
  groupsOf,
  groupsOffRule,
  lostInWords,
  lostTraffic,
  productionRuleOf,
  shareTo,
  testRuleOf,
  weightedGroups,
  type LostTraffic,
} from '../../rollout/traffic/drift.ts';
import { runningTaskDefinition, type Observed } from './observed.ts';

/** How the actual state of a service differs from the desired state. */
export interface Differences {
  /** What must be corrected, each in words with the fix. */
  readonly drift: readonly string[];
  /** What is good to know and needs no correction. */
  readonly information: readonly string[];
}

/**
 * Compares a service with its last release, its configuration and git. What may just be changing is
 * no drift: counts, health and releases are compared only while no deployment is in progress. What
 * was not read is not compared. Pure.
 */
export function differencesOf(service: Service, observed: Observed): Differences {
  const rules = rulesOf(service, observed);
  const atRest = isAtRest(service, observed);
  return {
    drift: [
      ...missingRules(service, observed),
      ...rules.flatMap((rule) => ruleDrift(service, rule, observed)),
      ...abortedDeployment(service, observed),
      ...(atRest
        ? [
            ...rules.flatMap((rule) => unhealthyTraffic(service, rule, observed)),
            ...missingTasks(service),
            ...replacedRelease(service, observed),
            ...lostCommit(service, observed),
          ]
        : []),
    ],
    information: [
      ...rules.flatMap((rule) => unmovedRule(service, rule)),
      ...(atRest ? commitInformation(service, observed) : []),
    ],
  };
}

/** The traffic of each rule of a service that reaches no task. Pure. */
export function lostTrafficOf(service: Service, observed: Observed): readonly LostTraffic[] {
  return rulesOf(service, observed)
    .filter(({ RuleArn }) => RuleArn !== testRuleOf(service))
    .flatMap((rule) => lostTraffic(service, rule, observed.targets) ?? []);
}

const OVER = new Set<Phase>(['done', 'rolled-back', 'failed']);

/** Whether the deployment that ECS describes has ended. Pure. */
export function hasEnded(deployment: ServiceDeployment): boolean {
  return OVER.has(trafficOf(deployment).phase);
}

/** Whether no deployment of the service is in progress. Pure. */
export function isAtRest(service: Service, { deployments }: Pick<Observed, 'deployments'>): boolean {
  const current = deployments.get(service.currentServiceDeployment);
  const [deployment, ...others] = service.deployments ?? [];
  return (
    (current === undefined || hasEnded(current)) &&
    others.length === 0 &&
    deployment?.rolloutState !== 'IN_PROGRESS'
  );
}

/** The rules that the service names and those that forward to one of its target groups. */
function rulesOf(service: Service, { rules }: Observed): readonly Rule[] {
  const [own, production, test] = [groupsOf(service), productionRuleOf(service), testRuleOf(service)];
  if (production === null) return [];
  return [...rules.values()].filter(
    (rule) =>
      rule.RuleArn === production ||
      rule.RuleArn === test ||
      forwardedGroups(rule).some(({ targetGroupArn }) => own.includes(targetGroupArn)),
  );
}

function missingRules(service: Service, { missingRules: missing }: Observed): string[] {
  return [productionRuleOf(service), testRuleOf(service)].flatMap((rule) =>
    rule !== null && missing.has(rule)
      ? [
          `There is no listener rule ${rule}: the service's advancedConfiguration names it. Create it, or correct the service (aws ecs update-service --load-balancers).`,
        ]
      : [],
  );
}

function ruleDrift(service: Service, rule: Rule, { targets }: Observed): string[] {
  // ECS points the test rule at the group of the new tasks only while it deploys.
  if (rule.RuleArn === testRuleOf(service)) return foreignTests(service, rule);
  const lost = lostTraffic(service, rule, targets);
  const words = lost === null ? [] : [lostInWords(lost, service)];
  if (rule.RuleArn !== productionRuleOf(service)) return words;
  const foreign = foreignTraffic(service, rule);
  return [...words, ...(foreign === null ? [] : [foreign]), ...groupsOffRule(rule, groupsOf(service))];
}

function foreignTests(service: Service, rule: Rule): string[] {
  const own = groupsOf(service);
  const foreign = weightedGroups(rule).filter((group) => !own.includes(group));
  if (foreign.length === 0) return [];
  return [
    `The test listener rule ${rule.RuleArn} sends requests to target group ${foreign.join(' and ')}, which ${foreign.length === 1 ? 'is' : 'are'} not of service ${service.serviceName}: a smoke test would test something else. Let it forward to ${own.join(' or ')} (aws elbv2 modify-rule).`,
  ];
}

/** Target groups with weight whose tasks all fail their health checks. */
function unhealthyTraffic(service: Service, rule: Rule, { targets }: Observed): string[] {
  if (rule.RuleArn !== productionRuleOf(service)) return [];
  return weightedGroups(rule)
    .filter((group) => groupsOf(service).includes(group))
    .flatMap((group) => {
      const { registered = 0, healthy = 0, starting = 0 } = targets.get(group) ?? {};
      if (registered === 0 || healthy > 0 || starting > 0) return [];
      return [
        `${shareTo(rule, [group])}% of the production traffic goes to target group ${group}, and none of its ${quantity(registered, 'target')} is healthy. The reason: aws elbv2 describe-target-health --target-group-arn ${group}. If the release is to blame: \`ecs-ramp rollback --cluster ${clusterOf(service)} --service ${service.serviceName}\`.`,
      ];
    });
}

/**
 * Tasks that ECS says it cannot start. A lower number alone is no drift: the service may have been
 * scaled a moment ago.
 */
function missingTasks({
  serviceName,
  desiredCount = 0,
  runningCount = 0,
  pendingCount = 0,
  events = [],
}: Service): string[] {
  if (runningCount >= desiredCount || pendingCount > 0) return [];
  const newest = events
    .toSorted((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0))
    .find(({ message = '' }) => /\b(unable to|has started|steady state)\b/.test(message));
  if (!newest?.message?.includes('unable to')) return [];
  return [
    `${runningCount} of ${quantity(desiredCount, 'task')} of service ${serviceName} run, and ECS cannot start the others: ${newest.message}`,
  ];
}

/**
 * Two revisions without a deployment between them: it was stopped with ABORT, or failed without a
 * rollback, and ECS leaves its tasks and weights as they are. A revision that only drains wants no
 * tasks any more.
 */
function abortedDeployment(service: Service, { deployments, versions }: Observed): string[] {
  const { serviceName, currentServiceDeployment, currentServiceRevisions = [] } = service;
  const current = deployments.get(currentServiceDeployment);
  const moves = (service.deployments ?? []).some(({ rolloutState }) => rolloutState === 'IN_PROGRESS');
  const wanted = currentServiceRevisions.filter(({ requestedTaskCount = 0 }) => requestedTaskCount > 0);
  if ((current !== undefined && !hasEnded(current)) || moves || wanted.length < 2) return [];
  const names = wanted.flatMap(({ arn }) => {
    const taskDefinition = versions.get(arn ?? '')?.taskDefinitionArn;
    return taskDefinition === undefined ? [] : nameOfArn(taskDefinition);
  });
  return [
    `Service ${serviceName} runs ${wanted.length} revisions (${names.join(', ')}), and no deployment is in progress: the last one was stopped (ABORT) or failed, which leaves tasks and weights as they are. Release again, or deploy the one to keep: aws ecs update-service --cluster ${clusterOf(service)} --service ${serviceName} --force-new-deployment --task-definition NAME.`,
  ];
}

function replacedRelease(service: Service, { replacedReleases, versions }: Observed): string[] {
  const last = replacedReleases.get(service.serviceArn ?? '');
  if (last === undefined) return [];
  const name = nameOfArn(last.taskDefinitionArn);
  return [
    `Service ${service.serviceName} runs ${nameOfArn(runningTaskDefinition(service, versions))}, which was deployed without ecs-ramp after its last release, ${releaseInWords(last)}. Release again, or return to it: \`ecs-ramp rollback --cluster ${clusterOf(service)} --service ${service.serviceName} --to ${name}\`.`,
  ];
}

function lostCommit(service: Service, observed: Observed): string[] {
  const found = commitOf(service, observed);
  if (found?.relation.is !== 'gone') return [];
  const { release, relation } = found;
  return [
    `Service ${service.serviceName} runs ${releaseInWords(release)}, and no branch contains that commit any more. Release the newest commit of ${relation.branch} (${short(relation.head)}).`,
  ];
}

function commitInformation(service: Service, observed: Observed): string[] {
  const found = commitOf(service, observed);
  if (found === null) return [];
  const { release, relation } = found;
  const runs = `Service ${service.serviceName} runs commit ${short(release.commit!)}`;
  switch (relation.is) {
    case 'older':
      return [
        `${runs}. Branch ${relation.branch} is ${quantity(relation.behind, 'commit')} ahead (${short(relation.head)}).`,
      ];
    case 'elsewhere':
      return [`${runs}, which is on another branch than ${relation.branch}.`];
    case 'head':
    case 'ahead':
    case 'gone':
      return [];
  }
}

function commitOf(service: Service, { releases, versions, commits }: Observed) {
  const release: Release | undefined = releases.get(runningTaskDefinition(service, versions));
  const relation = commits.get(release?.commit ?? '');
  return release === undefined || relation === undefined ? null : { release, relation };
}

/** A rule with weight that ECS does not move. */
function unmovedRule(service: Service, rule: Rule): string[] {
  if (rule.RuleArn === productionRuleOf(service) || rule.RuleArn === testRuleOf(service)) return [];
  if (!weightedGroups(rule).some((group) => groupsOf(service).includes(group))) return [];
  return [
    `Listener rule ${rule.RuleArn} also sends requests to service ${service.serviceName}. ECS moves only the weights of the production listener rule, so these requests reach no task after the next release: let the rule redirect to the listener of the production rule.`,
  ];
}

function clusterOf({ clusterArn = 'default' }: Service): string {
  return nameOfArn(clusterArn);
}

function short(commit: string): string {
  return commit.slice(0, 7);
}
