// What a release must not have is refused before anything is built or changed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { taskDefinitionRequest, webOnFargate } from '../../../support/task-definitions.ts';
import { openDeployedSandbox, type DeployedSandbox } from '../../../support/deployed-sandbox.ts';
import { releaseJob } from '../../../support/release-job.ts';
import type { Risk } from '../../../../src/core/plan/risks.ts';

jest.setTimeout(60_000);

let sandbox: DeployedSandbox;
let folder: string;
beforeEach(async () => {
  sandbox = await openDeployedSandbox();
  folder = mkdtempSync(join(tmpdir(), 'forbid-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await sandbox.close();
});

function release(forbid: readonly Risk[], dryRun = false) {
  const file = join(folder, 'task-definition.json');
  const definition = webOnFargate({ taskRoleArn: 'admin', executionRoleArn: 'start' });
  writeFileSync(file, JSON.stringify(definition));
  return releaseJob(sandbox, { taskDefinition: taskDefinitionRequest({ file, forbid }), dryRun });
}

const WRITES = /^(?:Register|Update|Create|Delete|Modify)/;

test('forbidden changes are refused together, and nothing is changed', async () => {
  const { end, notices, calls } = await release(['task-role-change', 'execution-role-change']);
  expect(end).toMatchObject({
    outcome: 'failed',
    reason: '2 problems were found; production was not touched.',
  });
  expect(notices).toContain(
    'forbid: the task role changes from none to admin, but task-role-change is forbidden. Keep the role, or remove task-role-change from forbid.',
  );
  expect(calls.filter((operation) => WRITES.test(operation))).toEqual([]);
});

test('a dry run warns of what is not forbidden', async () => {
  const { notices, end } = await release([], true);
  expect(end).toMatchObject({ outcome: 'unchanged' });
  expect(notices).toContainEqual(expect.stringContaining('to refuse it, set forbid to task-role-change'));
});
