// Runs the workflow of docs/first-canary.md on the simulated AWS: with images that already exist,
// the page's users and its three releases.
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

jest.setTimeout(60_000);

const PAGE = 'docs/first-canary.md';
const page = read(PAGE);
const [workflow = ''] = blocksOf(page, 'yaml');
/** The steps that the page tells the reader to set later. */
const [, canary = ''] = /Set `steps: '([\d,]+)'` in the workflow/.exec(page) ?? [];
const [, pause = ''] = /^while sleep ([\d.]+); do curl/m.exec(page) ?? [];

const image = (digit: string) => `registry.example.com/shop/web@sha256:${digit.repeat(64)}`;
const [FIRST, GOOD, BAD] = [image('a'), image('b'), image('c')];
/** Inputs that the command line gets in another way, or that require a network. */
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

/** Runs the workflow's step with this image and with the changes that the page makes. */
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

/** The minutes in the heading of a numbered section. */
const minutesOf = (number: number) =>
  Number(
    headingsOf(PAGE).flatMap(
      (heading) => new RegExp(`^${number}\\..*\\((\\d+) minutes`).exec(heading)?.[1] ?? [],
    )[0],
  );

describe('docs/first-canary.md', () => {
  test('deploys the first release in the minutes that the page states', async () => {
    const { code, minutes } = await release(FIRST);
    expect({ code, minutes }).toEqual({ code: 0, minutes: minutesOf(4) });
  });

  test('deploys a good change with a canary in the minutes that the page states', async () => {
    const { code, stdout, minutes } = await release(GOOD, { steps: canary });
    expect({ code, minutes }).toEqual({ code: 0, minutes: minutesOf(6) });
    expect(stdout).toContain('25% of production traffic');
  });

  test('rolls back a bad change in the minutes that the page states', async () => {
    const { code, stdout, minutes } = await release(BAD, { steps: canary });
    expect({ code, minutes }).toEqual({ code: 3, minutes: minutesOf(7) });
    expect(stdout).toContain('requests to the new revision failed');
  });
});
