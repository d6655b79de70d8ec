import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { explainFailure } from '../../../src/image/build-failed.ts';

const HINT = "This program is for another architecture than the machine's.";

test.each([
  ['exit code: 255', ['exec /bin/sh: exec format error'], true],
  ['process "/bin/sh -c npm ci" did not complete: exec format error', [], true],
  ['exit code: 1', ['/app/run.sh: Exec format error'], true],
  ['exit code: 1', ['the format of the date has an error'], false],
])('a step that ends with %s after %j', async (error, lastLines, isHinted) => {
  const folder = mkdtempSync(join(tmpdir(), 'build-failed-'));
  try {
    const file = join(folder, 'Dockerfile');
    writeFileSync(file, 'FROM node\nRUN npm ci\n');
    const step = { name: '[2/2] RUN npm ci', error, lastLines };
    const failure = await explainFailure({ file, target: null, message: error, step, cause: null });
    expect(failure.message).toContain('Dockerfile:2: [2/2] RUN npm ci failed: ');
    expect(failure.message.includes(HINT)).toBe(isHinted);
    if (isHinted) expect(failure.message).toContain('docker/setup-qemu-action');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
