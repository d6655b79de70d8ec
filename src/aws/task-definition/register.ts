import type { ECSClient, RegisterTaskDefinitionCommandInput, Tag, TaskDefinition } from '@aws-sdk/client-ecs';
import { failureInWords, failureKind, causeOf } from '../errors.ts';
import { unknownMembersIn } from '../unknown-members.ts';
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
  const { RegisterTaskDefinitionCommand } = await import('../sdk/ecs.ts');
  const send = async (tags: readonly Tag[]): Promise<string> => {
    const command = new RegisterTaskDefinitionCommand({
      ...input,
      ...(tags.length > 0 && { tags: [...tags] }),
    });
    const { taskDefinition } = await ecs.send(command, { abortSignal: signal });
    if (taskDefinition?.taskDefinitionArn) {
      const unknown = await unknownIn(input);
      if (unknown.length > 0) tell(keptOrLost(unknown, await unknownIn(taskDefinition)));
      return taskDefinition.taskDefinitionArn;
    }
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

/** The members that are newer than the SDK. */
async function unknownIn(definition: RegisterTaskDefinitionCommandInput | TaskDefinition) {
  const [{ RegisterTaskDefinitionRequest$, TaskDefinition$ }, { NormalizedSchema }] = await Promise.all([
    import('../sdk/ecs.ts'),
    import('../sdk/schema.ts'),
  ]);
  const known = [RegisterTaskDefinitionRequest$, TaskDefinition$].map((schema) =>
    unknownMembersIn(definition, NormalizedSchema.of(schema)),
  );
  return known[0]!.filter((path) => known[1]!.includes(path));
}

function keptOrLost(sent: readonly string[], registered: readonly string[]): Notice {
  const lost = sent.filter((path) => !registered.includes(path));
  const are = `The task definition has members that this version of ecs-ramp does not know: ${sent.join(', ')}.`;
  return lost.length === 0
    ? { kind: 'notice', level: 'notice', message: `${are} They are registered unchanged.` }
    : {
        kind: 'notice',
        level: 'warning',
        message: `${are} They were sent to ECS unchanged, but the new revision does not show ${lost.join(', ')}. Compare the two revisions, and use a newer version of ecs-ramp.`,
      };
}

const WITHOUT =
  'It was registered without the tags that name its commit and its run, so `ecs-ramp status`, `history` and `rollback` cannot show them.';
