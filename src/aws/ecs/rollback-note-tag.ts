import type { Tag } from '@aws-sdk/client-ecs';
import { nameOfArn } from '../../core/arn.ts';
import { packedText, unpackedText } from '../tag-text.ts';

/**
 * Why a release was rolled back, as a tag of its task definition: ECS keeps only "rollback
 * requested". About 170 characters of the reason fit.
 */
export const ROLLBACK_NOTE_KEY = 'ecs-ramp:rolled-back';

export interface RollbackNote {
  /** The last part of the service deployment's ARN: a later one of the same release may succeed. */
  readonly deployment: string;
  readonly reason: string;
}

/** Pure. */
export function noteTag({ deployment, reason }: RollbackNote): Tag {
  const id = nameOfArn(deployment);
  return { key: ROLLBACK_NOTE_KEY, value: `${id} ${packedText(reason, id.length + 1)}` };
}

/** `null` when there is no note. Pure. */
export function rollbackNoteIn(tags: readonly Tag[]): RollbackNote | null {
  const [deployment, packed] = tags.find(({ key }) => key === ROLLBACK_NOTE_KEY)?.value?.split(' ') ?? [];
  return deployment && packed ? { deployment, reason: unpackedText(packed) } : null;
}
