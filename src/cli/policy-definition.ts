import { resolve } from 'node:path';
import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { InvalidInputs, inputIssue } from '../inputs/issue.ts';
import { InvalidTaskDefinition } from '../core/task-definition/invalid.ts';
import { parseTaskDefinition } from '../core/task-definition/parse.ts';
import { readTaskDefinitionText } from '../core/task-definition/read-text.ts';

/** What a task definition names that a policy is about. */
export interface Defined {
  readonly family: string | undefined;
  /** Names or ARNs. */
  readonly taskRoles: readonly string[];
  readonly logGroups: readonly string[];
}

/** Pure. */
export function definedBy({
  family,
  taskRoleArn,
  executionRoleArn,
  containerDefinitions = [],
}: TaskDefinition): Defined {
  const logs = containerDefinitions.map(({ logConfiguration }) => logConfiguration);
  return {
    family,
    taskRoles: [...new Set([executionRoleArn, taskRoleArn].filter((role) => role !== undefined))],
    logGroups: [
      ...new Set(
        logs.flatMap((log) => (log?.logDriver === 'awslogs' ? (log.options?.['awslogs-group'] ?? []) : [])),
      ),
    ],
  };
}

/** The same of a file. Throws InvalidInputs. */
export function definedIn(file: string, cwd: string): Defined {
  try {
    return definedBy(parseTaskDefinition(readTaskDefinitionText(resolve(cwd, file))));
  } catch (error) {
    if (!(error instanceof InvalidTaskDefinition)) throw error;
    throw new InvalidInputs([
      inputIssue('task-definition', {
        given: file,
        problem: `${file}: ${error.problem}`,
        fix: error.fix,
      }),
    ]);
  }
}
