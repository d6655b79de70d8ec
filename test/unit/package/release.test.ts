import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import manifest from '../../../package.json' with { type: 'json' };

const run = promisify(execFile);

/** What npm and gh know, and what they were told to do: a line each. */
const NPM = `#!/usr/bin/env bash
case $1 in
  view) grep -qx "npm $2" "$STATE" && echo "\${2#*@}" || exit 1 ;;
  publish) grep -qx "npm ecs-ramp@$VERSION" "$STATE" && exit 1; echo "npm ecs-ramp@$VERSION" >>"$STATE"; echo "$*" >>"$DONE" ;;
esac
`;
const GH = `#!/usr/bin/env bash
case "$1 $2" in
  'release list') sed -n 's/^release //p' "$STATE" ;;
  'release view') grep -qx "release $3" "$STATE" ;;
  'release create')
    [[ -e $STATE.fails ]] && rm "$STATE.fails" && exit 1
    grep -qx "release $3" "$STATE" && exit 1
    echo "release $3" >>"$STATE"; echo "$*" >>"$DONE" ;;
  'api repos/'*) grep -qx "tag $(basename "$2")" "$STATE" ;;
  'release upload') echo "$*" >>"$DONE" ;;
  'api --method') echo "$*" >>"$DONE" ;;
esac
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ecs-ramp-release-'));
  for (const [name, text] of [
    ['npm', NPM],
    ['gh', GH],
  ] as const) {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

const known = (...lines: readonly string[]) =>
  writeFileSync(join(folder, 'state'), lines.map((line) => `${line}\n`).join(''));
const done = () => readFileSync(join(folder, 'done'), 'utf8').trim().split('\n');

/** A run of the workflow's step; rejects where it is red. */
async function release(tag = `v${manifest.version}`) {
  writeFileSync(join(folder, 'done'), '');
  return run('script/release', [join(folder, 'package'), 'sbom.cdx.json'], {
    env: {
      ...process.env,
      PATH: `${folder}:${process.env['PATH']}`,
      STATE: join(folder, 'state'),
      DONE: join(folder, 'done'),
      VERSION: manifest.version,
      GITHUB_REF_NAME: tag,
      GITHUB_REPOSITORY: 'ecs-ramp/ecs-ramp',
    },
  });
}
const TAG = `v${manifest.version}`;
const MAJOR = TAG.replace(/\..*/, '');

test('a release is published, told, and what the tag of its major version names', async () => {
  known(`release ${MAJOR}.0.0`, `tag ${MAJOR}`);
  await release();
  expect(done()).toEqual([
    expect.stringMatching(/^publish --provenance --access public --tag latest /),
    `release create ${TAG} --verify-tag --generate-notes --latest=true`,
    `release upload ${TAG} sbom.cdx.json --clobber`,
    expect.stringMatching(`^api --method PATCH .*/git/refs/tags/${MAJOR} -f sha=[0-9a-f]{40} -F force=true$`),
  ]);
});

test('a run that ended half-way is run again, and goes on', async () => {
  known();
  writeFileSync(join(folder, 'state.fails'), '');
  await expect(release()).rejects.toThrow();
  expect(done()).toHaveLength(1);
  await release();
  expect(done()).toEqual([
    expect.stringContaining('release create'),
    expect.stringContaining('release upload'),
    expect.stringMatching(`^api --method POST .* ref=refs/tags/${MAJOR} `),
  ]);
});

test('what mends an older version takes nobody back to it', async () => {
  known(`release ${MAJOR}.99.0`, 'release v99.0.0', `tag ${MAJOR}`);
  await release();
  expect(done()).toEqual([
    expect.stringContaining('--tag older '),
    expect.stringContaining('--latest=false'),
    expect.stringContaining('release upload'),
  ]);
});

test('a tag that is not the version is refused before anything is published', async () => {
  known();
  await expect(release('v98.0.0')).rejects.toThrow('package.json');
  expect(done()).toEqual(['']);
});
