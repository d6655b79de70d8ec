// A sandbox with real containers, services of the example shop and simulated users. Tests run the
// bundled actions (dist/) on it.
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QUICK } from './quick.ts';
import { runAction, type FinishedStep, type RunningStep } from '../demo/runner.ts';
import { openShopSandbox, type StageOptions } from '../demo/stage.ts';
import { baseImage } from '../../examples/base-image.ts';
import { SHOP, type ExampleClients, type ExampleStack } from '../../examples/stack.ts';
import type { Event } from '../../src/core/trail/event.ts';
import { readTrail } from '../../src/core/trail/trail.ts';

export const ROOT = join(import.meta.dirname, '../..');

export interface LiveSandbox {
  readonly aws: ExampleClients;
  readonly stack: ExampleStack;
  /** URL of the production listener. */
  readonly productionUrl: string;
  /** Environment variables of each run. A test can override them. */
  readonly environment: Readonly<Record<string, string>>;
  /** A copy of the shop's files. Tests may change it. */
  readonly workspace: string;
  /** Runs the action with the short times of `QUICK`. `inputs` add to them or replace them. */
  run(options: RunOptions): Promise<RunResult>;
  /** Resolves when the run has started. */
  start(options: RunOptions): Promise<StartedRun>;
  /** Adds faults to the sandbox. */
  fault(...faults: object[]): Promise<void>;
  noFaults(): Promise<void>;
  close(): Promise<void>;
}

export interface RunOptions {
  /** Folder of the action. Default: the main action. */
  readonly action?: 'build' | 'deploy';
  readonly service?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Name of the commit. Its 40 hexadecimal digits are derived from the name. */
  readonly commit?: string;
  /** `false`: the post step does not run. */
  readonly hasPost?: boolean;
}

export interface RunResult extends FinishedStep {
  readonly events: readonly Event[];
}

/** Throws with the reason and the end of the log if the run had another outcome. */
export function expectOutcome(
  { outputs, log }: Pick<FinishedStep, 'outputs' | 'log'>,
  outcome: string,
): void {
  if (outputs['outcome'] === outcome) return;
  const end = log.slice(-60).join('\n');
  throw new Error(`The outcome is ${outputs['outcome']}, not ${outcome}: ${outputs['reason']}\n${end}`);
}

export interface StartedRun {
  readonly step: RunningStep;
  readonly done: Promise<RunResult>;
  /** Resolves when the trail has a matching event. Rejects if the run ends before that. */
  until(condition: (event: Event) => boolean): Promise<void>;
  /** Resolves when a line of the log contains `words`. Rejects if the run ends before that. */
  untilLogged(words: string): Promise<void>;
}

export async function openLiveSandbox(
  services: StageOptions['services'],
  { launchTime, ...timing }: NonNullable<StageOptions['timing']> & Pick<StageOptions, 'launchTime'> = {},
): Promise<LiveSandbox> {
  const temp = await mkdtemp(join(tmpdir(), 'ecs-ramp-stage-'));
  const shop = await openShopSandbox({
    services,
    rate: 100,
    timing,
    ...(launchTime !== undefined && { launchTime }),
    directory: join(temp, 'sandbox'),
  });
  const { docker, aws, stack, endpoint, productionUrl } = shop;
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
  }: RunOptions): Promise<StartedRun> {
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
      // An empty value stands for a missing input.
      inputs: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')),
      // Each run is the next attempt of one job, so it does not wait for the lease of a killed run.
      environment: { ...shop.environment, GITHUB_RUN_ATTEMPT: String(runs), ...environment },
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
        if (over) throw new Error(`The run ended too early:\n${log.slice(-20).join('\n')}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    return {
      step,
      done,
      until: (condition) => until(async () => (await events()).some(condition)),
      untilLogged: (words) => until(() => log.some((line) => line.includes(words))),
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
    environment: shop.environment,
    workspace,
    start,
    run: async (options) => (await start(options)).done,
    fault: (...faults) => control('POST', faults),
    noFaults: () => control('DELETE'),
    async close() {
      await shop.close();
      await rm(temp, { recursive: true, force: true });
    },
  };
}

async function readTrailIfThere(file: string): Promise<readonly Event[]> {
  return existsSync(file) ? readTrail(file) : [];
}
