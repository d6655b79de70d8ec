import { expect, test } from '@jest/globals';
import type { PastDeployment } from '../../../../src/commands/history/history.ts';
import { NOT_KNOWN } from '../../../../src/aws/ecs/provenance.ts';
import type { Release, Version } from '../../../../src/aws/ecs/releases.ts';
import { previousRelease } from '../../../../src/commands/rollback/previous.ts';

const arn = (revision: number) => `arn:aws:ecs:eu-west-1:123456789012:task-definition/web:${revision}`;

const version = (revision: number): Version => ({
  serviceRevisionArn: `revision of ${revision}`,
  taskDefinitionArn: arn(revision),
  createdAt: 0,
  images: {},
  targetGroupArn: null,
});

/** Newest first: `2>3` succeeded, `2>3 ROLLBACK_SUCCESSFUL` was rolled back. */
function history(...lines: readonly string[]): PastDeployment[] {
  return lines.map((line, index) => {
    const [, from, to, status] = /^(\d+)>(\d+) ?(\w*)$/.exec(line)!;
    return {
      serviceDeploymentArn: `deployment ${index}`,
      status: status || 'SUCCESSFUL',
      reason: null,
      createdAt: 100 - index,
      finishedAt: 100 - index,
      from: from === '0' ? null : version(Number(from)),
      to: version(Number(to)),
    };
  });
}

const releases = new Map<string, Release>(
  Array.from({ length: 10 }, (_, revision) => [
    arn(revision),
    { taskDefinitionArn: arn(revision), ...NOT_KNOWN, returnTo: revision === 9 ? 'web:2' : null },
  ]),
);

test.each([
  ['the one before', 3, ['2>3', '1>2'], 2, false],
  ['not the one that failed', 4, ['3>4', '2>3', '2>5 ROLLBACK_SUCCESSFUL'], 3, false],
  ['past deployments of the same release', 3, ['3>3', '3>3', '2>3'], 2, false],
  ['nothing before the first release', 1, ['0>1'], null, false],
  ['nothing where nothing is remembered', 1, [], null, false],
  ['of a release that was rolled back: nothing to undo', 2, ['2>3 ROLLBACK_SUCCESSFUL', '1>2'], 1, true],
  ['of one that could not be rolled back: neither', 2, ['2>3 ROLLBACK_FAILED', '1>2'], 1, true],
  ['a return is not returned from, and what it left not taken', 2, ['3>2', '2>3', '1>2'], 1, true],
  ['nor is one by a revision registered for it', 9, ['3>9', '2>3', '1>2'], 1, true],
  ['a release after a return: what it replaced', 4, ['2>4', '3>2', '2>3', '1>2'], 2, false],
  ['two returns in a row', 1, ['2>1', '3>2', '2>3', '1>2', '0>1'], null, true],
  ['one that was aborted just now', 3, ['2>3 STOPPED', '1>2'], 2, false],
  ['not one that was aborted long ago', 4, ['2>4', '2>3 STOPPED', '1>2'], 2, false],
] as const)('%s', (_, serving, lines, expected, undone) => {
  const { version: found, undoneBy } = previousRelease(history(...lines), arn(serving), releases);
  expect(found?.taskDefinitionArn ?? null).toBe(expected && arn(expected));
  expect(undoneBy !== null).toBe(undone);
});
