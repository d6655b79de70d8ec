// Reads the state of the simulated AWS directly from the sandbox, without faults or delays.
import type { DeploymentConfiguration, ServiceDeployment, ServiceRevision, Tag } from '@aws-sdk/client-ecs';
import type { SimulatedAws } from '../support/simulated-aws.ts';

export interface GroundTruth {
  /** The arms of the production listener rule. */
  readonly arms: readonly ArmTruth[];
  /** The newest service deployment. */
  readonly newest: ServiceDeployment;
  /** The service deployment in progress; `null` if there is none. */
  readonly inProgress: ServiceDeployment | null;
  readonly deploymentConfiguration: DeploymentConfiguration;
  readonly tags: readonly Tag[];
}

export interface ArmTruth {
  readonly targetGroupArn: string;
  /** Percent of production traffic. */
  readonly share: number;
  /** The image of each healthy target. */
  readonly healthy: readonly string[];
  /** Number of registered targets that are not draining. */
  readonly registered: number;
}

export const CALLER = { account: '123456789012', region: 'eu-west-1', accessKeyId: 'AKIATEST' };
const OVER = new Set(['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED']);

export type GroundTruthReader = ReturnType<typeof createGroundTruth>;

const NOBODY = 'nobody';

export function createGroundTruth(aws: SimulatedAws) {
  const ecs = aws.services.find(({ name }) => name === 'ecs')!.operations;
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters, typescript/no-unsafe-type-assertion -- the caller knows the operation's output
  const ask = <T>(operation: string, input: object): T => ecs[operation]!(input, CALLER) as T;

  function arms(): ArmTruth[] {
    const groups = aws.loadBalancing.rule(aws.rule)!.targetGroups;
    const all = groups.reduce((sum, { weight }) => sum + weight, 0);
    return groups.map(({ targetGroupArn, weight }) => {
      const targets = aws.loadBalancing.health(targetGroupArn).filter(({ state }) => state !== 'draining');
      const healthy = targets.filter(({ state }) => state === 'healthy');
      return {
        targetGroupArn,
        share: (100 * weight) / all,
        healthy: healthy.map((target) => aws.imageAt(target) ?? NOBODY),
        registered: targets.length,
      };
    });
  }

  return {
    arms,
    /** Whether requests reached no task in this time. */
    wasUnanswered: (from: number, to: number): boolean =>
      aws.unansweredAt.some((at) => at >= from && at < to),
    look(): GroundTruth {
      const listed = ask<{ serviceDeployments: { serviceDeploymentArn: string }[] }>(
        'ListServiceDeployments',
        { cluster: 'shop', service: 'web' },
      );
      const newestArn = listed.serviceDeployments[0]!.serviceDeploymentArn;
      const { serviceDeployments } = ask<{ serviceDeployments: ServiceDeployment[] }>(
        'DescribeServiceDeployments',
        { serviceDeploymentArns: [newestArn] },
      );
      const newest = serviceDeployments[0]!;
      const { services } = ask<{
        services: { deploymentConfiguration: DeploymentConfiguration; tags?: Tag[] }[];
      }>('DescribeServices', { cluster: 'shop', services: ['web'], include: ['TAGS'] });
      return {
        arms: arms(),
        newest,
        inProgress: OVER.has(newest.status!) ? null : newest,
        deploymentConfiguration: services[0]!.deploymentConfiguration,
        tags: services[0]!.tags ?? [],
      };
    },
    /** The image that a deployment brings. */
    imageOf({ targetServiceRevision }: ServiceDeployment): string | undefined {
      const { serviceRevisions } = ask<{ serviceRevisions: ServiceRevision[] }>('DescribeServiceRevisions', {
        serviceRevisionArns: [targetServiceRevision!.arn!],
      });
      return serviceRevisions[0]!.containerImages?.[0]?.image;
    },
  };
}

/**
 * Whether all production traffic goes to healthy targets of this image. Tasks that have ended in the
 * last seconds count as well.
 */
export function servesOnly(arms: readonly ArmTruth[], image: string): boolean {
  return arms.every(
    ({ share, healthy }) =>
      share === 0 ||
      (share === 100 && healthy.length > 0 && alive(healthy).every((other) => other === image)),
  );
}

/** Leaves out targets whose task has just ended, before the health check notices. */
export function alive(healthy: readonly string[]): readonly string[] {
  return healthy.filter((image) => image !== NOBODY);
}

export function inWords(arms: readonly ArmTruth[]): string {
  return arms
    .map(
      ({ share, healthy, registered }) =>
        `${share}% to ${healthy.length} of ${registered} healthy (${[...new Set(healthy)].map((image) => image.slice(-6)).join(', ')})`,
    )
    .join(' and ');
}
