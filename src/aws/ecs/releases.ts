import type { DescribeTaskDefinitionCommandOutput, ECSClient, ServiceRevision } from '@aws-sdk/client-ecs';
import { taskDefinitionParts } from '../../core/arn.ts';
import { hasCode } from '../errors.ts';
import { NOT_KNOWN, provenanceOf, type Provenance } from './provenance.ts';

/** A task definition revision as what it is to people: where it comes from. */
export interface Release extends Provenance {
  readonly taskDefinitionArn: string;
}

/** A release as a service runs, or ran, it. */
export interface Version {
  readonly serviceRevisionArn: string;
  readonly taskDefinitionArn: string;
  readonly createdAt: number;
  /** NAME@sha256:DIGEST where ECS knows the digest, by container. */
  readonly images: Readonly<Record<string, string>>;
  /** The target group that its tasks are in; null: none, or ECS does not tell. */
  readonly targetGroupArn: string | null;
}

/** Pure. Null: ECS does not say which task definition it has. */
export function versionOf(revision: ServiceRevision): Version | null {
  const { serviceRevisionArn, taskDefinition, createdAt, containerImages = [] } = revision;
  if (!serviceRevisionArn || !taskDefinition) return null;
  return {
    serviceRevisionArn,
    taskDefinitionArn: taskDefinition,
    createdAt: createdAt?.getTime() ?? 0,
    images: Object.fromEntries(
      containerImages.map(({ containerName = '', image = '', imageDigest }) => [
        containerName,
        imageDigest && !image.includes('@') ? `${image.replace(/:[^:/]+$/, '')}@${imageDigest}` : image,
      ]),
    ),
    targetGroupArn: revision.resolvedConfiguration?.loadBalancers?.[0]?.targetGroupArn ?? null,
  };
}

const AT_ONCE = 10;

/**
 * Where task definitions come from, as their tags say it. One that is gone, or may not be read, says nothing: to know what runs
 * matters more than who brought it.
 */
export async function readReleases(
  ecs: ECSClient,
  taskDefinitionArns: readonly string[],
): Promise<ReadonlyMap<string, Release>> {
  const arns = [...new Set(taskDefinitionArns)];
  const releases = new Map<string, Release>();
  const read = async (): Promise<void> => {
    for (let arn = arns.pop(); arn !== undefined; arn = arns.pop()) {
      const described = await describeTaskDefinition(ecs, arn).catch(() => null);
      const provenance = described ? provenanceOf(described.tags ?? []) : NOT_KNOWN;
      releases.set(arn, { taskDefinitionArn: arn, ...provenance });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, read));
  return releases;
}

/** With its tags. Null: ECS does not know it. Refusals in words. */
export async function describeTaskDefinition(
  ecs: ECSClient,
  taskDefinition: string,
): Promise<DescribeTaskDefinitionCommandOutput | null> {
  const { DescribeTaskDefinitionCommand } = await import('@aws-sdk/client-ecs');
  const command = new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] });
  try {
    const answer = await ecs.send(command);
    return answer.taskDefinition ? answer : null;
  } catch (error) {
    // ECS has no code of its own for a task definition that is not there.
    if (hasCode(error, 'ClientException')) return null;
    throw error;
  }
}

/** Whether going from one task definition to the other is going back: to an older revision, or to one registered for that. Pure. */
export function isReturn(from: string, to: Release): boolean {
  if (to.returnTo !== null) return true;
  const [before, after] = [taskDefinitionParts(from), taskDefinitionParts(to.taskDefinitionArn)];
  return before.family === after.family && after.revision < before.revision;
}
