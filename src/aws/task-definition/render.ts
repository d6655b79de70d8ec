import type { RegisterTaskDefinitionCommandInput, Tag, TaskDefinition } from '@aws-sdk/client-ecs';
import { ownTags } from '../ecs/provenance.ts';
import type { TaskDefinitionChange } from '../../core/trail/event.ts';
import { changesBetween } from './compare.ts';
import { containerNamed } from '../../core/task-definition/container.ts';
import { InvalidTaskDefinition } from '../../core/task-definition/invalid.ts';
import { type ContainerSettings, withContainerSettings } from './merge.ts';
import type { WrittenTaskDefinition } from '../../core/task-definition/parse.ts';

export interface RenderRequest extends ContainerSettings {
  /** The revision that the service runs now, as DescribeTaskDefinition gave it, and its tags. */
  readonly current: WrittenTaskDefinition;
  readonly tags: readonly Tag[];
  /** What to release instead of the current one; its tags win over `tags`. */
  readonly file?: WrittenTaskDefinition | null;
  /** Null: the only container. */
  readonly containerName: string | null;
}

export interface Rendered {
  /** All that RegisterTaskDefinition is to be told, but where the release comes from. */
  readonly input: RegisterTaskDefinitionCommandInput;
  readonly containerName: string;
  /** Against the revision that the service runs now. */
  readonly changes: readonly TaskDefinitionChange[];
  /** True: to ECS both are the same. */
  readonly unchanged: boolean;
}

/** The task definition to release: the current one, or the file's, with image, variables and secrets set in one container. */
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
  return { input, containerName: container.name, changes, unchanged: changes.length === 0 };
}

/** Members that DescribeTaskDefinition returns and RegisterTaskDefinition does not take. */
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

/** Without what only a read has, and without the tags that AWS or we keep for ourselves; all else to the letter. */
export function registrable(definition: WrittenTaskDefinition): RegisterTaskDefinitionCommandInput {
  const { family, tags = [], ...kept } = definition;
  if (family === undefined)
    throw new InvalidTaskDefinition('the task definition has no family', 'add "family"');
  for (const name of READ_ONLY) delete kept[name];
  const own = ownTags(tags);
  return { family, containerDefinitions: [], ...kept, ...(own.length > 0 && { tags: [...own] }) };
}
