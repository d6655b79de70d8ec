import type { RegisterTaskDefinitionCommandInput, Tag, TaskDefinition } from '@aws-sdk/client-ecs';
import { ownTags } from '../ecs/provenance.ts';
import type { TaskDefinitionChange } from '../../core/trail/event.ts';
import { changesBetween } from './compare.ts';
import { containerNamed } from '../../core/task-definition/container.ts';
import { InvalidTaskDefinition } from '../../core/task-definition/invalid.ts';
import { type ContainerSettings, withContainerSettings } from './merge.ts';
import type { WrittenTaskDefinition } from '../../core/task-definition/parse.ts';

export interface RenderRequest extends ContainerSettings {
  /** The present revision of the service as returned by DescribeTaskDefinition, and its tags. */
  readonly current: WrittenTaskDefinition;
  readonly tags: readonly Tag[];
  /** Replaces the current task definition; its tags replace `tags`. */
  readonly file?: WrittenTaskDefinition | null;
  /** `null` for the only container. */
  readonly containerName: string | null;
}

export interface Rendered {
  /** The present revision of the service, as it would be registered. */
  readonly present: RegisterTaskDefinitionCommandInput;
  /** The input of RegisterTaskDefinition, without the provenance tags. */
  readonly input: RegisterTaskDefinitionCommandInput;
  readonly containerName: string;
  /** Compared with the present revision of the service. */
  readonly changes: readonly TaskDefinitionChange[];
  /** Whether both mean the same to ECS. */
  readonly unchanged: boolean;
}

/**
 * Renders the task definition to release: the current one or the file, with image, variables and
 * secrets set in one container.
 */
export function render({ current, tags, file = null, containerName, ...settings }: RenderRequest): Rendered {
  const running = registrable({ ...current, tags: [...tags] });
  const base = file === null ? running : registrable({ family: current.family, tags: [...tags], ...file });
  const container = containerNamed(base, containerName);
  const input = {
    ...base,
    containerDefinitions: base.containerDefinitions?.map((each) =>
      each.name === container.name ? withContainerSettings(each, settings) : each,
    ),
  };
  const changes = changesBetween(running, input);
  return { present: running, input, containerName: container.name, changes, unchanged: changes.length === 0 };
}

/** Members that DescribeTaskDefinition returns and RegisterTaskDefinition does not accept. */
const READ_ONLY = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
] as const satisfies readonly (keyof TaskDefinition)[];

/**
 * Removes the read-only members and the tags of AWS and ecs-ramp, and keeps everything else
 * unchanged.
 */
export function registrable(definition: WrittenTaskDefinition): RegisterTaskDefinitionCommandInput {
  const { family, tags = [], ...kept } = definition;
  if (family === undefined)
    throw new InvalidTaskDefinition('the task definition has no family', 'add "family"');
  for (const name of READ_ONLY) delete kept[name];
  const own = ownTags(tags);
  return { family, containerDefinitions: [], ...kept, ...(own.length > 0 && { tags: [...own] }) };
}
