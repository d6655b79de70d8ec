import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { blocksOf } from '../../script/page-blocks.ts';
import { MINUTE } from '../../src/core/time/clock.ts';
import { openDeployedSandbox, type DeployedSandbox } from '../support/deployed-sandbox.ts';
import { ourSteps } from '../support/example-workflow.ts';
import { call } from '../unit/cli/calls.ts';
import { headingsOf, read } from '../unit/docs/pages.ts';

// docs/first-canary.md on simulated AWS: its workflow with images that are built already, its users, its three releases.
jest.setTimeout(60_000);

const PAGE = 'docs/first-canary.md';
const page = read(PAGE);
const [workflow = ''] = blocksOf(page, 'yaml');
/** What the page has its reader write later. */
const [, canary = ''] = /Set `steps: '([\d,]+)'` in the workflow/.exec(page) ?? [];
const [, pause = ''] = /^while sleep ([\d.]+); do curl/m.exec(page) ?? [];

const image = (digit: string) => `registry.example.com/shop/web@sha256:${digit.repeat(64)}`;
const [FIRST, GOOD, BAD] = [image('a'), image('b'), image('c')];
/** Of the command line: what is said otherwise here, and what takes a network. */
const ELSEWHERE = new Set(['aws-region', 'role-to-assume', 'repository', 'smoke-test']);

let sandbox: DeployedSandbox;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'first-canary-'));
  sandbox = await openDeployedSandbox({
    firstImage: 'placeholder',
    versions: {
      placeholder: { medianSeconds: 0.001 },
      [FIRST]: {},
      [GOOD]: {},
      [BAD]: { errorRate: 0.1 },
    },
    testPort: 9080,
    rate: 1 / Number(pause),
  });
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

/** The workflow's step on that image, with what the page changes in it. */
async function release(to: string, changed: Readonly<Record<string, string>> = {}) {
  const given = { ...ourSteps(workflow)[0]!.with, ...changed, image: to };
  const began = sandbox.clock.now();
  const { code, stdout } = await sandbox.until(
    call(
      [
        'deploy',
        ...Object.entries(given).flatMap(([name, value]) =>
          ELSEWHERE.has(name) ? [] : [`--${name}`, value],
        ),
      ],
      {
        cwd: folder,
        env: { AWS_REGION: 'eu-west-1', GIT_COMMIT: 'b'.repeat(40), RUNNER_TEMP: folder },
        clock: sandbox.clock,
        clients: sandbox.bystander,
      },
    ),
  );
  return { code, stdout, minutes: Math.round((sandbox.clock.now() - began) / MINUTE) };
}

/** Of a numbered section, as its heading says. */
const minutesOf = (number: number) =>
  Number(
    headingsOf(PAGE).flatMap(
      (heading) => new RegExp(`^${number}\\..*\\((\\d+) minutes`).exec(heading)?.[1] ?? [],
    )[0],
  );

describe('the page that leads to a first canary', () => {
  test('replaces the placeholder at once, in the minutes that it says', async () => {
    const { code, minutes } = await release(FIRST);
    expect({ code, minutes }).toEqual({ code: 0, minutes: minutesOf(4) });
  });

  test('gets a good change through its canary, in the minutes that it says', async () => {
    const { code, stdout, minutes } = await release(GOOD, { steps: canary });
    expect({ code, minutes }).toEqual({ code: 0, minutes: minutesOf(6) });
    expect(stdout).toContain('25% of production traffic');
  });

  test('has a bad change rolled back, in the minutes that it says', async () => {
    const { code, stdout, minutes } = await release(BAD, { steps: canary });
    expect({ code, minutes }).toEqual({ code: 3, minutes: minutesOf(7) });
    expect(stdout).toContain('requests to the new version failed');
  });
});
