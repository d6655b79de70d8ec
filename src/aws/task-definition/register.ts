import type { ECSClient, RegisterTaskDefinitionCommandInput, Tag } from '@aws-sdk/client-ecs';
import { failureInWords, failureKind, causeOf } from '../errors.ts';
import { withProvenance } from '../ecs/provenance.ts';
import type { Notice } from '../../core/trail/event.ts';

export interface Registration {
  readonly ecs: ECSClient;
  readonly provenance: readonly Tag[];
  readonly tell: (event: Notice) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Registers a task definition with the tags that say where it comes from, or without them if the
 * role is not allowed to tag. Returns the ARN of the new revision. Rejects with UserError.
 */
export async function register(
  input: RegisterTaskDefinitionCommandInput,
  { ecs, provenance, tell, signal }: Registration,
): Promise<string> {
  const { RegisterTaskDefinitionCommand } = await import('@aws-sdk/client-ecs');
  const send = async (tags: readonly Tag[]): Promise<string> => {
    const command = new RegisterTaskDefinitionCommand({
      ...input,
      ...(tags.length > 0 && { tags: [...tags] }),
    });
    const { taskDefinition } = await ecs.send(command, { abortSignal: signal });
    if (taskDefinition?.taskDefinitionArn) return taskDefinition.taskDefinitionArn;
    throw new Error('ECS answered RegisterTaskDefinition without a task definition.');
  };
  const own = input.tags ?? [];
  const marked = withProvenance(own, provenance);
  if (marked.length === own.length) return send(own);
  try {
    return await send(marked);
  } catch (error) {
    // If the registration itself is denied, the second attempt fails with that error.
    if (failureKind(error) !== 'denied') throw error;
    const arn = await send(own);
    tell({
      kind: 'notice',
      level: 'warning',
      message: `${failureInWords(causeOf(error), { action: 'ecs:TagResource', on: `task definition ${input.family}` })} ${WITHOUT}`,
    });
    return arn;
  }
}

const WITHOUT =
  'It was registered without the tags that name its commit and its run, so `ecs-ramp status`, `history` and `rollback` cannot show them.';
