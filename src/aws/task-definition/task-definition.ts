import type { ECSClient, Tag } from '@aws-sdk/client-ecs';
import { present } from '../errors.ts';
import type { TaskDefinitionRequest } from '../../core/request.ts';
import type { Notice, TaskDefinitionReady } from '../../core/trail/event.ts';
import { InvalidTaskDefinition } from '../../core/task-definition/invalid.ts';
import { checkMembers } from './members.ts';
import { parseTaskDefinition, type WrittenTaskDefinition } from '../../core/task-definition/parse.ts';
import { readTaskDefinitionText } from '../../core/task-definition/read-text.ts';
import { register } from './register.ts';
import { type Rendered, render } from './render.ts';

/** A release that is ready to be rolled out. */
export interface PreparedRelease {
  readonly taskDefinitionArn: string;
  /**
   * What the service ran during the preparation. Equal to `taskDefinitionArn` when nothing changed.
   */
  readonly previousTaskDefinitionArn: string;
  readonly containerName: string;
  readonly image: string;
}

export interface Preparation {
  readonly request: Omit<TaskDefinitionRequest, 'forbid'>;
  /** The released image, by digest. */
  readonly image: string;
  /** The present revision of the service. */
  readonly currentArn: string;
  /** Tags that say where the release comes from; ignored in comparisons. */
  readonly provenance: readonly Tag[];
  readonly ecs: ECSClient;
  readonly tell: (event: TaskDefinitionReady | Notice) => void;
  readonly signal?: AbortSignal;
}

/**
 * Prepares the release: registers a revision with the image, unless the present revision already
 * means the same. Rejects with InvalidTaskDefinition, or with UserError for an error of AWS.
 */
export async function prepareTaskDefinition(preparation: Preparation): Promise<PreparedRelease> {
  const rendered = await renderForService(preparation);
  const { unchanged, input } = rendered;
  const taskDefinitionArn = unchanged ? preparation.currentArn : await register(input, preparation);
  return ready(preparation, { ...rendered, taskDefinitionArn });
}

/**
 * Prepares the release of another service for this service, without registering a task definition.
 * If this service's present revision already means the same, it is kept.
 */
export async function shareTaskDefinition(
  { taskDefinitionArn: sharedArn, containerName, image }: PreparedRelease,
  preparation: Preparation,
): Promise<PreparedRelease> {
  const { currentArn } = preparation;
  const [current, shared] = await Promise.all([
    describe(currentArn, preparation),
    describe(sharedArn, preparation),
  ]);
  const file = { ...shared.definition, tags: [...shared.tags] };
  const none = { environmentVariables: {}, secrets: {} };
  const rendered = render({
    current: current.definition,
    tags: current.tags,
    file,
    containerName,
    image,
    ...none,
  });
  const taskDefinitionArn = rendered.unchanged ? currentArn : sharedArn;
  return ready(preparation, { ...rendered, taskDefinitionArn });
}

function ready(
  { image, currentArn, tell }: Preparation,
  {
    taskDefinitionArn,
    containerName,
    unchanged,
    changes,
  }: Omit<Rendered, 'input' | 'present'> & Pick<PreparedRelease, 'taskDefinitionArn'>,
): PreparedRelease {
  tell({
    kind: 'task-definition-ready',
    taskDefinitionArn,
    previousTaskDefinitionArn: currentArn,
    containerName,
    image,
    unchanged,
    changes,
  });
  return { taskDefinitionArn, previousTaskDefinitionArn: currentArn, containerName, image };
}

/**
 * Renders what would be registered and compares it with the present revision, whose tags are
 * returned too. Changes nothing.
 */
export async function renderForService({
  request,
  image,
  currentArn,
  ecs,
  signal,
}: Omit<Preparation, 'tell' | 'provenance'>): Promise<Rendered & { readonly currentTags: readonly Tag[] }> {
  const [file, current] = await Promise.all([
    request.file === null ? null : readTaskDefinitionFile(request.file),
    describe(currentArn, { ecs, signal }),
  ]);
  const rendered = render({
    current: current.definition,
    tags: current.tags,
    file,
    containerName: request.containerName,
    image,
    environmentVariables: request.environmentVariables,
    secrets: request.secrets,
  });
  return { ...rendered, currentTags: current.tags };
}

/**
 * Reads a file and checks it, including the names of its members. Throws InvalidTaskDefinition,
 * which names the file.
 */
export async function readTaskDefinitionFile(path: string): Promise<WrittenTaskDefinition> {
  try {
    const definition = parseTaskDefinition(readTaskDefinitionText(path));
    await checkMembers(definition);
    return definition;
  } catch (error) {
    if (!(error instanceof InvalidTaskDefinition)) throw error;
    throw new InvalidTaskDefinition(`${path}: ${error.problem}`, error.fix);
  }
}

async function describe(
  arn: string,
  { ecs, signal }: { readonly ecs: ECSClient; readonly signal?: AbortSignal | undefined },
): Promise<{ readonly definition: WrittenTaskDefinition; readonly tags: readonly Tag[] }> {
  const { DescribeTaskDefinitionCommand } = await import('../sdk/ecs.ts');
  const { taskDefinition, tags = [] } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: arn, include: ['TAGS'] }),
    {
      abortSignal: signal,
    },
  );
  return { definition: present(taskDefinition, 'taskDefinition'), tags };
}
