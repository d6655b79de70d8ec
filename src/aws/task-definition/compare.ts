import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import type { TaskDefinitionChange } from '../../core/trail/event.ts';
import { disclosed } from './disclosed.ts';
import { flatten } from './flatten.ts';
import { isSameRole } from './same-role.ts';

/**
 * The differences that matter to ECS, as everybody may see them. Empty when both mean the same to
 * ECS.
 */
export function changesBetween(
  before: RegisterTaskDefinitionCommandInput,
  after: RegisterTaskDefinitionCommandInput,
): readonly TaskDefinitionChange[] {
  const old = flatten(before);
  const wanted = flatten(after);
  const paths = new Set([...old.keys(), ...wanted.keys()]);
  const changes: TaskDefinitionChange[] = [];
  for (const path of paths) {
    const change = { path, before: old.get(path) ?? null, after: wanted.get(path) ?? null };
    if (!isSame(change)) changes.push(disclosed(change));
  }
  return changes;
}

function isSame({ path, before, after }: TaskDefinitionChange): boolean {
  return before === after || (/^(task|execution)RoleArn$/.test(path) && isSameRole(before, after));
}
