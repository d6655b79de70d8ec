import { createClients, type Clients } from '../aws/clients.ts';
import { Refused } from '../aws/refusals.ts';
import type { JobPorts } from '../job/job.ts';
import { identify } from '../lease/lease.ts';
import { systemClock } from '../time/clock.ts';
import { NO_REGION, regionOf } from './region.ts';
import { mask, runnerLog } from './runner-log.ts';
import { VERSION } from './version.ts';

/** What the work of an action may touch. */
export interface RunnerWorld extends JobPorts {
  readonly env: NodeJS.ProcessEnv;
}

/** AWS and Docker as the environment names them, and the runner's log. `run`: what main was called, for its post step. */
export function runnerWorld(env: NodeJS.ProcessEnv, cancelled: AbortSignal, run?: string): RunnerWorld {
  return {
    env,
    connect(): Clients {
      const region = regionOf(env);
      if (region === undefined) throw new Refused(NO_REGION);
      return createClients({ region, version: VERSION });
    },
    docker: async () => (await import('../image/image.ts')).connectDocker(env),
    clock: systemClock,
    run: identify(env, run),
    log: runnerLog,
    mask,
    cancelled,
  };
}
