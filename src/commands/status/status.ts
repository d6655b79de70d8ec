import {
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clients } from '../../aws/clients.ts';
import { everyService } from '../../aws/ecs/every-service.ts';
import { inBatches } from '../../aws/all-pages.ts';
import { findService } from '../../aws/ecs/find-service.ts';
import { readReleases, versionOf, type Version } from '../../aws/ecs/releases.ts';
import { describeDeployments, describeRevisions } from '../../aws/ecs/service-deployments.ts';
import { productionRuleOf, statusOf, type StatusData, type ServiceStatus } from './service-status.ts';

export interface StatusRequest {
  readonly cluster: string;
  /** `null` for every service of the cluster. */
  readonly service: string | null;
}

/**
 * The status of one service or of all services of a cluster, sorted by name. Uses batches where AWS
 * has them: about 2 N + N / 4 calls for N services. Rejects with UserError; missing data of a load
 * balancer is `null`.
 */
export async function readStatus(
  { cluster, service }: StatusRequest,
  clients: Clients,
  now: number,
): Promise<readonly ServiceStatus[]> {
  const [ecs, elb] = await Promise.all([clients.ecs(), clients.elasticLoadBalancing()]);
  const services =
    service === null ? await everyService(ecs, cluster) : [await findService(ecs, { service, cluster })];
  const revisionArns = services.flatMap(({ currentServiceRevisions = [] }) =>
    currentServiceRevisions.flatMap(({ arn }) => arn ?? []),
  );
  const [deployments, revisions, rules] = await Promise.all([
    describeDeployments(
      ecs,
      services.flatMap(({ currentServiceDeployment }) => currentServiceDeployment ?? []),
    ),
    describeRevisions(ecs, revisionArns),
    readRules(
      elb,
      services.flatMap((each) => productionRuleOf(each) ?? []),
    ),
  ]);
  const versions = revisions.flatMap((revision) => versionOf(revision) ?? []);
  const [releases, healthy] = await Promise.all([
    readReleases(ecs, [
      ...versions.map(({ taskDefinitionArn }) => taskDefinitionArn),
      ...services.flatMap(({ deployments: own = [] }) => own.flatMap((each) => each.taskDefinition ?? [])),
    ]),
    readHealthy(elb, versions),
  ]);
  const found: StatusData = {
    now,
    deployments: new Map(deployments.map((each) => [each.serviceDeploymentArn, each])),
    versions: new Map(versions.map((version) => [version.serviceRevisionArn, version])),
    rules,
    releases,
    healthy,
  };
  return services.map((each) => statusOf(each, found)).sort((a, b) => a.service.localeCompare(b.service));
}

/** Rules by ARN. A missing rule fails its whole batch: then each is read individually. */
async function readRules(
  elb: ElasticLoadBalancingV2Client,
  arns: readonly string[],
): Promise<ReadonlyMap<string, Rule>> {
  const ask = async (RuleArns: string[]): Promise<Rule[]> =>
    (await elb.send(new DescribeRulesCommand({ RuleArns }))).Rules ?? [];
  const answers = await Promise.all(
    inBatches([...new Set(arns)], 20).map((batch) =>
      ask(batch).catch(async () => {
        const single = await Promise.all(batch.map((arn) => ask([arn]).catch(() => [])));
        return single.flat();
      }),
    ),
  );
  return new Map(answers.flat().map((rule) => [rule.RuleArn!, rule]));
}

/** Healthy targets by target group; a group that cannot be read is missing. */
async function readHealthy(
  elb: ElasticLoadBalancingV2Client,
  versions: readonly Version[],
): Promise<ReadonlyMap<string, number>> {
  const groups = [...new Set(versions.flatMap(({ targetGroupArn }) => targetGroupArn ?? []))];
  const healthy = new Map<string, number>();
  const read = async (): Promise<void> => {
    for (let group = groups.pop(); group !== undefined; group = groups.pop()) {
      const command = new DescribeTargetHealthCommand({ TargetGroupArn: group });
      const answer = await elb.send(command).catch(() => null);
      const states = answer?.TargetHealthDescriptions?.map(({ TargetHealth }) => TargetHealth?.State);
      if (states) healthy.set(group, states.filter((state) => state === 'healthy').length);
    }
  };
  await Promise.all(Array.from({ length: 10 }, read));
  return healthy;
}
