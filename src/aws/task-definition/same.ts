import type { ECSClient } from '@aws-sdk/client-ecs';
import type { TaskDefinitionRequest } from '../../core/request.ts';
import type { TaskDefinitionReady } from '../../core/trail/event.ts';
import { containerNamed } from '../../core/task-definition/container.ts';
import { present } from '../errors.ts';
import { describeTaskDefinition } from '../ecs/releases.ts';
import { changesBetween } from './compare.ts';
import { registrable } from './render.ts';
import { renderForService } from './task-definition.ts';

/** What a report says about the task definition. */
export type SameTaskDefinition = Pick<TaskDefinitionReady, 'containerName' | 'image' | 'changes'>;

interface Comparison {
  readonly request: TaskDefinitionRequest;
  /** The released image; `null` for the one that the compared task definition has. */
  readonly image: string | null;
  /** The present revision of the service. */
  readonly currentArn: string;
  readonly ecs: ECSClient;
  readonly signal?: AbortSignal;
}

/**
 * Compares what a release would register with a task definition that exists. `null` if they mean
 * something different to ECS. Changes nothing. Rejects with UserError, or with
 * InvalidTaskDefinition.
 */
export async function sameTaskDefinition(
  { image: asked, ...release }: Comparison,
  taskDefinitionArn: string,
): Promise<SameTaskDefinition | null> {
  const described = await describeTaskDefinition(release.ecs, taskDefinitionArn);
  if (described === null) return null;
  const { taskDefinition, tags = [] } = described;
  const existing = registrable({ ...present(taskDefinition, 'taskDefinition'), tags });
  const image = asked ?? containerNamed(existing, release.request.containerName).image ?? '';
  const { input, containerName, changes } = await renderForService({ ...release, image });
  return changesBetween(existing, input).length === 0 ? { containerName, image, changes } : null;
}
