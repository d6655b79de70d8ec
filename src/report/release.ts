import { nameOf } from '../core/arn.ts';
import type { ToldRelease } from '../core/trail/event.ts';

/** `web:41 (commit 0a1b2c3, by anna)` */
export function releaseInWords({ taskDefinitionArn, commit, actor }: ToldRelease): string {
  const whence = [commit && `commit ${commit.slice(0, 7)}`, actor && `by ${actor}`]
    .filter(Boolean)
    .join(', ');
  return `${nameOf(taskDefinitionArn)}${whence && ` (${whence})`}`;
}
