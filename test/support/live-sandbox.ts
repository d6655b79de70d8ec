import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QUICK } from './quick.ts';
import { runAction, type FinishedStep, type RunningStep } from '../demo/runner.ts';
import { openLiveSandbox as openScene, type StageOptions } from '../demo/stage.ts';
import { baseImage } from '../../examples/base-image.ts';
import { SHOP, type ExampleClients, type ExampleStack } from '../../examples/stack.ts';
import type { Event } from '../../src/core/trail/event.ts';
import { readTrail } from '../../src/core/trail/trail.ts';

export const ROOT = join(import.meta.dirname, '../..');

/** A sandbox with services of the shop, users, and the bundle in dist/ to run on them. */
export interface LiveSandbox {
  readonly aws: ExampleClients;
  readonly stack: ExampleStack;
  /** Of the production listener. */
  readonly productionUrl: string;
  /** What the action finds in its environment, unless a test says otherwise. */
  readonly environment: Readonly<Record<string, string>>;
  /** A copy of the shop, for a test to spoil. */
  readonly workspace: string;
  /** Runs the action on a service, quickly: metrics of 5 s, short bakes. `inputs` add to that or replace it. */
  act(run: Act): Promise<ActResult>;
  /** The same, while it runs. */
  start(run: Act): Promise<ActOptions>;
  /** Makes the sandbox fail on purpose, as its page says. */
  fault(...faults: object[]): Promise<void>;
  noFaults(): Promise<void>;
  close(): Promise<void>;
}

export interface Act {
  /** Folder of an action that is a part of this repository; the main one unless told. */
  readonly action?: 'build' | 'deploy';
  readonly service?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Names the commit; 40 hexadecimal digits are made of it. */
  readonly commit?: string;
  /** False: nothing runs after `main`. */
  readonly hasPost?: boolean;
}

export interface ActResult extends FinishedStep {
  readonly events: readonly Event[];
}

export interface ActOptions {
  readonly step: RunningStep;
  readonly done: Promise<ActResult>;
  /** Resolves when the trail has such an event. */
  until(condition: (event: Event) => boolean): Promise<void>;
  /** Resolves when the log has such a line. */
  untilSaid(words: string): Promise<void>;
}

export async function openLiveSandbox(
  services: StageOptions['services'],
  timing: StageOptions['timing'] = {},
): Promise<LiveSandbox> {
  const temp = await mkdtemp(join(tmpdir(), 'ecs-ramp-stage-'));
  const scene = await openScene({ services, rate: 100, timing, directory: join(temp, 'sandbox') });
  const { docker, aws, stack, endpoint, productionUrl } = scene;
  const workspace = join(temp, 'workspace');
  await cp(SHOP, workspace, { recursive: true });
  const nodeImage = await baseImage(docker);
  let runs = 0;

  async function start({
    action,
    service = 'web',
    inputs = {},
    environment = {},
    commit = 'first',
    hasPost = true,
  }: Act): Promise<ActOptions> {
    const folder = join(temp, `run-${++runs}`);
    await mkdir(folder);
    const eventsFile = join(folder, 'events.jsonl');
    const built = {
      repository: `shop/${service}`,
      context: service,
      'build-args': `NODE_IMAGE=${nodeImage}\nRELEASE=${commit}`,
    };
    const released = { service, cluster: 'shop', ...QUICK };
    const given: Readonly<Record<string, string>> = {
      ...(action !== 'deploy' && !('image' in inputs) && built),
      ...(action !== 'build' && released),
      ...(action === undefined && { 'events-file': eventsFile }),
      ...inputs,
    };
    const log: string[] = [];
    const step = runAction({
      action: join(ROOT, action ?? ''),
      // An empty value is an input that is not given.
      inputs: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')),
      // Each run is the next attempt of one job, so that the lease of one that died is not waited for.
      environment: { ...scene.environment, GITHUB_RUN_ATTEMPT: String(runs), ...environment },
      workspace,
      temp: folder,
      commit: Buffer.from(commit).toString('hex').padEnd(40, '0').slice(0, 40),
      hasPost,
      onLine: (line) => log.push(line),
    });
    const events = () => readTrailIfThere(eventsFile);
    let over = false;
    const done = step.done.then(async (finished) => {
      over = true;
      return { ...finished, events: await events() };
    });
    const until = async (isSo: () => Promise<boolean> | boolean) => {
      while (!(await isSo())) {
        if (over) throw new Error(`The run ended before that:\n${log.slice(-20).join('\n')}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    return {
      step,
      done,
      until: (condition) => until(async () => (await events()).some(condition)),
      untilSaid: (words) => until(() => log.some((line) => line.includes(words))),
    };
  }

  const control = async (method: string, body?: object) => {
    const answer = await fetch(`${endpoint}/_sandbox/faults`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`The sandbox refused a fault: ${await answer.text()}`);
  };
  return {
    aws,
    stack,
    productionUrl,
    environment: scene.environment,
    workspace,
    start,
    act: async (run) => (await start(run)).done,
    fault: (...faults) => control('POST', faults),
    noFaults: () => control('DELETE'),
    async close() {
      await scene.close();
      await rm(temp, { recursive: true, force: true });
    },
  };
}

async function readTrailIfThere(file: string): Promise<readonly Event[]> {
  return existsSync(file) ? readTrail(file) : [];
}
