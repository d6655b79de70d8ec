import { resolve } from 'node:path';
import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { InvalidInputs, inputIssue } from '../inputs/issue.ts';
import { InvalidTaskDefinition } from '../core/task-definition/invalid.ts';
import { parseTaskDefinition } from '../core/task-definition/parse.ts';
import { readTaskDefinitionText } from '../core/task-definition/read-text.ts';

/** The data of a task definition that a policy requires. */
export interface Defined {
  readonly family: string | undefined;
  /** Names or ARNs. */
  readonly taskRoles: readonly string[];
  readonly logGroups: readonly string[];
  /** Whether one of its containers is privileged. */
  readonly privileged: boolean;
}

/** The data of a task definition. Pure. */
export function definedBy({
  family,
  taskRoleArn,
  executionRoleArn,
  containerDefinitions = [],
}: TaskDefinition): Defined {
  const logs = containerDefinitions.map(({ logConfiguration }) => logConfiguration);
  return {
    family,
    privileged: containerDefinitions.some(({ privileged }) => privileged === true),
    taskRoles: [...new Set([executionRoleArn, taskRoleArn].filter((role) => role !== undefined))],
    logGroups: [
      ...new Set(
        logs.flatMap((log) => (log?.logDriver === 'awslogs' ? (log.options?.['awslogs-group'] ?? []) : [])),
      ),
    ],
  };
}

/** The data of a task definition file. Throws InvalidInputs. */
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
