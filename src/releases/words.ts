import type { ToldRelease } from '../trail/event.ts';

/** `web:41 (commit 0a1b2c3, by anna)` */
export function releaseInWords({ taskDefinitionArn, commit, actor }: ToldRelease): string {
  const whence = [commit && `commit ${commit.slice(0, 7)}`, actor && `by ${actor}`]
    .filter(Boolean)
    .join(', ');
  return `${taskDefinitionName(taskDefinitionArn)}${whence && ` (${whence})`}`;
}

/** `web:41` of `arn:...:task-definition/web:41` */
export function taskDefinitionName(taskDefinitionArn: string): string {
  return taskDefinitionArn.split('/').at(-1)!;
}
