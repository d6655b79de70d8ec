import { TagResourceCommand, type ECSClient } from '@aws-sdk/client-ecs';
import type { Clock } from '../../core/time/clock.ts';
import { CALL_LIMIT } from '../lease/times.ts';
import { withTimeout } from '../with-timeout.ts';
import { noteTag, type RollbackNote } from './rollback-note-tag.ts';

/** Rejects when AWS refuses to tag the task definition. */
export async function noteRollback(
  { ecs, clock }: { readonly ecs: ECSClient; readonly clock: Clock },
  taskDefinitionArn: string,
  note: RollbackNote,
): Promise<void> {
  const command = new TagResourceCommand({ resourceArn: taskDefinitionArn, tags: [noteTag(note)] });
  await withTimeout(clock, CALL_LIMIT, (bound) => ecs.send(command, bound));
}
