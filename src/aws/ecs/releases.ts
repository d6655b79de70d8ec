import type { DescribeTaskDefinitionCommandOutput, ECSClient, ServiceRevision } from '@aws-sdk/client-ecs';
import { taskDefinitionParts } from '../../core/arn.ts';
import { hasCode } from '../errors.ts';
import { rollbackNoteIn, type RollbackNote } from './rollback-note-tag.ts';
import { NOT_KNOWN, provenanceOf, type Provenance } from './provenance.ts';

/** A task definition revision and where it comes from. */
export interface Release extends Provenance {
  readonly taskDefinitionArn: string;
  /** Why it was rolled back the last time. Absent when it was not, or when this is not known. */
  readonly rolledBack?: RollbackNote;
}

/** A service revision: a release that a service runs or ran. */
export interface Version {
  readonly serviceRevisionArn: string;
  readonly taskDefinitionArn: string;
  readonly createdAt: number;
  /** Container name to image; NAME@sha256:DIGEST where ECS reports the digest. */
  readonly images: Readonly<Record<string, string>>;
  /** The target group of its tasks; `null` when there is none or ECS does not report it. */
  readonly targetGroupArn: string | null;
}

/** Pure. `null` when ECS does not report the task definition. */
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
 * Reads where task definitions come from, by their tags. A task definition that was deleted or
 * cannot be read gets an unknown provenance instead of an error.
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
      const tags = described?.tags ?? [];
      const note = rollbackNoteIn(tags);
      releases.set(arn, {
        taskDefinitionArn: arn,
        ...(described ? provenanceOf(tags) : NOT_KNOWN),
        ...(note && { rolledBack: note }),
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, read));
  return releases;
}

/** Includes the tags. `null` when ECS does not know it. Rejects with UserError. */
export async function describeTaskDefinition(
  ecs: ECSClient,
  taskDefinition: string,
): Promise<DescribeTaskDefinitionCommandOutput | null> {
  const { DescribeTaskDefinitionCommand } = await import('../sdk/ecs.ts');
  const command = new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] });
  try {
    const answer = await ecs.send(command);
    return answer.taskDefinition ? answer : null;
  } catch (error) {
    // ECS has no specific code for a task definition that does not exist.
    if (hasCode(error, 'ClientException')) return null;
    throw error;
  }
}

/**
 * Whether `to` is a return from `from`: an older revision, or one that was registered to return.
 * Pure.
 */
export function isReturn(from: string, to: Release): boolean {
  if (to.returnTo !== null) return true;
  const [before, after] = [taskDefinitionParts(from), taskDefinitionParts(to.taskDefinitionArn)];
  return before.family === after.family && after.revision < before.revision;
}
