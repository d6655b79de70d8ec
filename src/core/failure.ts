import { Refused } from '../aws/errors.ts';
import { PreflightFailed } from '../rollout/preflight/preflight.ts';
import { BuildFailed, ImageProblem } from '../image/image.ts';
import { ownMistake } from './own-mistake.ts';
import { InvalidTaskDefinition } from '../aws/task-definition/task-definition.ts';

/** The causes of a failure before production was touched, each a line or a few; a stack only for what is our own mistake. */
export function causesOf(error: unknown): readonly string[] {
  if (error instanceof PreflightFailed) return error.problems;
  if (
    error instanceof Refused ||
    error instanceof BuildFailed ||
    error instanceof ImageProblem ||
    error instanceof InvalidTaskDefinition
  ) {
    return [error.message];
  }
  return [ownMistake(error)];
}
