import { existsSync } from 'node:fs';
import { cp, mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type Docker from 'dockerode';
import { baseImage } from '../../examples/base-image.ts';
import {
  createExampleStack,
  exampleClients,
  SHOP,
  type ExampleClients,
  type ExampleStack,
  type ShopService,
} from '../../examples/stack.ts';
import { freePorts } from '../../demo/free-ports.ts';
import { startLoad, type Load } from '../../demo/load.ts';
import { runAction, type FinishedStep, type RunningStep } from '../../demo/runner.ts';
import { startEngine } from '../../sandbox/engine/engine.ts';
import { startSandbox } from '../../sandbox/sandbox.ts';
import { readTrail } from '../../src/trail/trail.ts';
import type { Event } from '../../src/trail/event.ts';

export const ROOT = join(import.meta.dirname, '../..');

/** A sandbox with services of the shop, users, and the bundle in dist/ to run on them. */
export interface Stage {
  readonly docker: Docker;
  readonly aws: ExampleClients;
  readonly stack: ExampleStack;
  readonly loads: Partial<Record<ShopService, Load>>;
  /** A copy of the shop, for a test to spoil. */
  readonly workspace: string;
  /** Runs the action on a service, quickly: metrics of 5 s, short bakes. `inputs` add to that or replace it. */
  act(run: Act): Promise<Acted>;
  /** The same, while it runs. */
  start(run: Act): Promise<Acting>;
  /** Makes the sandbox fail on purpose, as its page says. */
  fault(...faults: object[]): Promise<void>;
  noFaults(): Promise<void>;
  close(): Promise<void>;
}

export interface Act {
  readonly service?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Names the commit; 40 hexadecimal digits are made of it. */
  readonly commit?: string;
  /** False: only `main` runs, as when the whole runner dies. */
  readonly post?: boolean;
}

export interface Acted extends FinishedStep {
  readonly events: readonly Event[];
}

export interface Acting {
  readonly step: RunningStep;
  readonly done: Promise<Acted>;
  /** Resolves when the trail has such an event. */
  until(condition: (event: Event) => boolean): Promise<void>;
}

export async function openStage(services: readonly ShopService[]): Promise<Stage> {
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const end of closing.splice(0).toReversed()) await end();
  };
  try {
    const engine = await startEngine();
    closing.push(() => engine.close());
    const temp = await mkdtemp(join(tmpdir(), 'ecs-ramp-stage-'));
    closing.push(() => rm(temp, { recursive: true, force: true }));
    const sandbox = await startSandbox({ engine, directory: join(temp, 'sandbox') });
    closing.push(() => sandbox.close());
    const [production = 0, test = 0] = await freePorts(2);
    const aws = exampleClients(sandbox.client);
    const stack = await createExampleStack({
      docker: engine.docker,
      aws,
      services,
      network: { vpc: 'vpc-shop', subnets: ['subnet-a', 'subnet-b'], securityGroups: ['sg-shop'] },
      roles: {
        infrastructure: 'arn:aws:iam::123456789012:role/shop-infrastructure',
        execution: 'arn:aws:iam::123456789012:role/shop-execution',
      },
      ports: { production, test },
    });
    const loads: Partial<Record<ShopService, Load>> = {};
    for (const service of services) {
      const load = startLoad({
        url: `http://${stack.host}:${production}${service === 'api' ? '/api/items' : '/'}`,
        rate: 100,
      });
      loads[service] = load;
      closing.push(() => load.stop());
    }
    const workspace = join(temp, 'workspace');
    await cp(SHOP, workspace, { recursive: true });
    const nodeImage = await baseImage(engine.docker);
    let runs = 0;

    async function start({
      service = 'web',
      inputs = {},
      environment = {},
      commit = 'first',
      post = true,
    }: Act): Promise<Acting> {
      const folder = join(temp, `run-${++runs}`);
      await mkdir(folder);
      const eventsFile = join(folder, 'events.jsonl');
      const given = {
        service,
        cluster: 'shop',
        ...('image' in inputs
          ? {}
          : {
              repository: `shop/${service}`,
              context: service,
              'build-args': `NODE_IMAGE=${nodeImage}\nRELEASE=${commit}`,
            }),
        'metric-period': '5s',
        'metric-delay': '5s',
        'warm-up': '5s',
        'bake-time': '5s',
        'step-timeout': '2m',
        'start-timeout': '1m',
        'keep-old': '0m',
        'events-file': eventsFile,
        ...inputs,
      };
      const step = runAction({
        action: post ? ROOT : await withoutPost(folder),
        // An empty value is an input that is not given.
        inputs: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')),
        environment: { ...sandbox.environment, ...environment },
        workspace,
        temp: folder,
        commit: Buffer.from(commit).toString('hex').padEnd(40, '0').slice(0, 40),
      });
      const events = () => readTrailIfThere(eventsFile);
      let over = false;
      const done = step.done.then(async (finished) => {
        over = true;
        return { ...finished, events: await events() };
      });
      return {
        step,
        done,
        async until(condition) {
          while (!(await events()).some(condition)) {
            if (over)
              throw new Error(`The run ended before that:\n${(await done).log.slice(-20).join('\n')}`);
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
        },
      };
    }

    const control = async (method: string, body?: object) => {
      const answer = await fetch(`${sandbox.endpoint}/_sandbox/faults`, {
        method,
        ...(body && { body: JSON.stringify(body) }),
      });
      if (!answer.ok) throw new Error(`The sandbox refused a fault: ${await answer.text()}`);
    };
    return {
      docker: engine.docker,
      aws,
      stack,
      loads,
      workspace,
      start,
      act: async (run) => (await start(run)).done,
      fault: (...faults) => control('POST', faults),
      noFaults: () => control('DELETE'),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The action as it is when nobody is left to run its post step. */
async function withoutPost(folder: string): Promise<string> {
  const manifest = await readFile(join(ROOT, 'action.yml'), 'utf8');
  const action = join(folder, 'action');
  await mkdir(action);
  await writeFile(
    join(action, 'action.yml'),
    manifest
      .replace(/^( +main: ).*$/m, `$1${relative(action, join(ROOT, 'dist/main.js'))}`)
      .replace(/^ +post.*\n/gm, ''),
  );
  return action;
}

async function readTrailIfThere(file: string): Promise<readonly Event[]> {
  return existsSync(file) ? readTrail(file) : [];
}
