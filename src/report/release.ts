import { nameOfArn } from '../core/arn.ts';
import type { ReleaseInTrail } from '../core/trail/event.ts';

/** `web:41 (commit 0a1b2c3, by anna)` */
export function releaseInWords({ taskDefinitionArn, commit, actor }: ReleaseInTrail): string {
  const whence = [commit && `commit ${commit.slice(0, 7)}`, actor && `by ${actor}`]
    .filter(Boolean)
    .join(', ');
  return `${nameOfArn(taskDefinitionArn)}${whence && ` (${whence})`}`;
}
