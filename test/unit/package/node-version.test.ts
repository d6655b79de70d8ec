import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

let folder: string;
beforeAll(() => {
  // A copy, so that the Node in .sandbox/tools is not found.
  folder = mkdtempSync(join(tmpdir(), 'old-node-'));
  cpSync('script', join(folder, 'script'), { recursive: true });
  writeFileSync(join(folder, 'node'), '#!/bin/sh\necho v22.11.0\n');
  chmodSync(join(folder, 'node'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

// The other scripts run script/bootstrap first, which installs Node.
test.each(['node', 'docs', 'with-engine', 'pictures', 'conformance', 'render-summary'])(
  'script/%s names the Node that it requires when another one is installed',
  (name) => {
    const { status, stderr } = spawnSync(join(folder, 'script', name), ['script/env', 'picture.png'], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: `${folder}:/usr/bin:/bin` },
    });
    expect(stderr).toBe(
      `${name}: Node 24 or later is required, but \`node --version\` prints v22.11.0. Run script/bootstrap: it installs it.\n`,
    );
    expect(status).toBe(1);
  },
);
