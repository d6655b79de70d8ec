import type { Service } from '@aws-sdk/client-ecs';
import type { Clients } from '../../aws/clients.ts';
import { hasCode } from '../../aws/errors.ts';
import { readReleases, versionOf, type Release } from '../../aws/ecs/releases.ts';
import { describeDeployments, describeRevisions } from '../../aws/ecs/service-deployments.ts';
import { readEveryRule } from '../../aws/elb/forwarding-rules.ts';
import { readRules, readTargets } from '../../aws/elb/rules-and-targets.ts';
import { errorText } from '../../core/failure.ts';
import { groupsOf, lostTraffic, productionRuleOf, testRuleOf } from '../../rollout/traffic/drift.ts';
import type { AskBranch, BranchRelation } from './branch.ts';
import { isAtRest } from './drift.ts';
import type { Observed } from './observed.ts';
import { readReplacedReleases } from './replaced-releases.ts';

interface ObserveContext {
  readonly clients: Clients;
  readonly now: number;
  /** Absent: releases are not compared with git. */
  readonly askBranch?: AskBranch | undefined;
}

/** The state of services, and what could not be read: one sentence for each IAM action. */
export interface ObservedServices {
  readonly observed: Observed;
  readonly unread: readonly string[];
}

/**
 * Reads the actual state of services. Uses batches where AWS has them. Rejects with UserError if
 * their deployments cannot be read; everything else that cannot be read is left out.
 */
export async function observe(
  services: readonly Service[],
  { clients, now, askBranch }: ObserveContext,
): Promise<ObservedServices> {
  const [ecs, elb] = await Promise.all([clients.ecs(), clients.elasticLoadBalancing()]);
  const unread = new Map<string, string>();
  const onUnread = (error: unknown) => {
    const text = errorText(error);
    const action = /\b[a-z]+:[A-Z]\w+/.exec(text)?.[0] ?? text;
    if (!unread.has(action)) unread.set(action, text);
  };
  const missingRules = new Set<string>();
  const balanced = services.filter((each) => productionRuleOf(each) !== null);
  const [described, revisions, namedRules, everyRule] = await Promise.all([
    describeDeployments(
      ecs,
      services.flatMap(({ currentServiceDeployment }) => currentServiceDeployment ?? []),
    ),
    describeRevisions(
      ecs,
      services.flatMap(({ currentServiceRevisions = [] }) =>
        currentServiceRevisions.flatMap(({ arn }) => arn ?? []),
      ),
    ),
    readRules(
      elb,
      balanced.flatMap((each) => [productionRuleOf(each) ?? [], testRuleOf(each) ?? []].flat()),
      (error, arn) => {
        if (hasCode(error, 'RuleNotFound', 'RuleNotFoundException')) missingRules.add(arn);
        else onUnread(error);
      },
    ),
    readEveryRule(elb, balanced.flatMap(groupsOf), onUnread),
  ]);
  const deployments = new Map(described.map((each) => [each.serviceDeploymentArn, each]));
  const versions = revisions.flatMap((revision) => versionOf(revision) ?? []);
  const [releases, targets] = await Promise.all([
    readReleases(ecs, [
      ...versions.map(({ taskDefinitionArn }) => taskDefinitionArn),
      ...services.flatMap(({ deployments: own = [] }) => own.flatMap((each) => each.taskDefinition ?? [])),
    ]),
    readTargets(
      elb,
      [...versions.flatMap(({ targetGroupArn }) => targetGroupArn ?? []), ...balanced.flatMap(groupsOf)],
      onUnread,
    ),
  ]);
  const rules = new Map([...everyRule, ...namedRules]);
  // ECS may have moved traffic between the reads of the rules and of the targets.
  const suspicious = [...rules].filter(([, rule]) =>
    balanced.some((service) => lostTraffic(service, rule, targets) !== null),
  );
  const again = await readRules(
    elb,
    suspicious.map(([arn]) => arn),
  );
  for (const [arn, rule] of again) rules.set(arn, rule);
  const byRevision = new Map(versions.map((version) => [version.serviceRevisionArn, version]));
  const calm = services.filter((service) => isAtRest(service, { deployments }));
  const [replacedReleases, commits] = await Promise.all([
    readReplacedReleases(ecs, calm, { deployments, versions: byRevision, releases, onUnread }),
    askBranch ? readCommits([...releases.values()], askBranch) : new Map<string, BranchRelation>(),
  ]);
  return {
    observed: {
      now,
      deployments,
      versions: byRevision,
      rules,
      missingRules,
      releases,
      targets,
      replacedReleases,
      commits,
    },
    unread: [...unread.values()],
  };
}

async function readCommits(
  releases: readonly Release[],
  askBranch: AskBranch,
): Promise<ReadonlyMap<string, BranchRelation>> {
  const byCommit = new Map(releases.map((release) => [release.commit, release]));
  const found = new Map<string, BranchRelation>();
  for (const [commit, release] of byCommit) {
    const relation = await askBranch(release);
    if (commit !== null && relation !== null) found.set(commit, relation);
  }
  return found;
}
