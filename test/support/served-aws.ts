// Serves the simulated AWS on a port in real time, for the bundled action as a separate process.
// Requires no Docker engine.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QUICK } from './quick.ts';
import { runAction, type RunningStep } from '../demo/runner.ts';
import { listen } from '../../sandbox/wire/wire.ts';
import { MINUTE, SECOND } from '../../src/core/time/clock.ts';
import type { Event } from '../../src/core/trail/event.ts';
import { existsSync } from 'node:fs';
import { readTrail } from '../../src/core/trail/trail.ts';
import { createSimulatedAws, type SimulatedAws, type SimulatedAwsOptions } from './simulated-aws.ts';
import { createVirtualClock } from './virtual-clock.ts';

export interface ServedAws {
  readonly aws: SimulatedAws;
  /** Variables with which the SDK's clients call it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Starts a release of version 2 with the short times of `QUICK`. */
  release(run?: {
    readonly inputs?: Readonly<Record<string, string>>;
    readonly environment?: Readonly<Record<string, string>>;
  }): Promise<Release>;
  close(): Promise<void>;
}

export interface Release {
  readonly step: RunningStep;
  readonly events: () => readonly Event[];
  /** Resolves when the trail has a matching event. Rejects if the run ends before that. */
  readonly until: (condition: (event: Event) => boolean) => Promise<void>;
}

const VERSION_2 = `registry.example.com/shop/web@sha256:${'2'.repeat(64)}`;
const ROOT = join(import.meta.dirname, '../..');
/** Simulated time that the setup takes. */
const SET_UP = 11 * MINUTE;

/** `now`: the time that AWS has, in milliseconds since 1970. Default: the real one. */
export async function serveAws(
  options: Partial<SimulatedAwsOptions> = {},
  now: () => number = Date.now,
): Promise<ServedAws> {
  const clock = createVirtualClock(now() - SET_UP);
  const aws = await createSimulatedAws({
    versions: { [VERSION_2]: {} },
    clock,
    lag: SECOND,
    rate: 100,
    ...options,
  });
  const closed = new AbortController();
  const running = (async () => {
    while (!closed.signal.aborted) {
      await clock.advance(Math.max(0, now() - clock.now()));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  const server = await listen(aws.wire, 0);
  const temp = await mkdtemp(join(tmpdir(), 'ecs-ramp-served-'));
  let releases = 0;

  const connection = {
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_REGION: 'eu-west-1',
    ECS_RAMP_CLAIM_WAIT: '0.1',
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };

  return {
    aws,
    environment: connection,
    async release({ inputs = {}, environment = {} } = {}) {
      const folder = join(temp, String((releases += 1)));
      const eventsFile = join(folder, 'events.jsonl');
      const events = () => (existsSync(eventsFile) ? readTrail(eventsFile) : []);
      let isOver = false;
      const step = runAction({
        action: ROOT,
        inputs: {
          service: 'web',
          cluster: 'shop',
          image: VERSION_2,
          // Makes each release differ from the one before.
          'environment-variables': `RELEASE=${releases}`,
          steps: '30,100',
          ...QUICK,
          'events-file': eventsFile,
          ...inputs,
        },
        environment: { ...connection, ...environment },
        workspace: temp,
        temp: folder,
        commit: '0123456789'.repeat(4),
      });
      void step.done.finally(() => (isOver = true));
      return {
        step,
        events,
        async until(condition) {
          while (!events().some(condition)) {
            if (isOver)
              throw new Error(`The run ended too early:\n${(await step.done).log.slice(-20).join('\n')}`);
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
        },
      };
    },
    async close() {
      closed.abort();
      await running;
      await server.close();
      await aws.close();
      await rm(temp, { recursive: true, force: true });
    },
  };
}
