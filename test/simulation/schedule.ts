// Runs the scheduled `reconcile` until no rollout is in progress.
import { reconcileServices } from '../../src/commands/reconcile/reconcile.ts';
import { MINUTE, sleep } from '../../src/core/time/clock.ts';
import { runOf } from './job.ts';
import type { Runner } from './runner.ts';

/** Interval of the scheduled workflow. After `MOST` runs, nothing may be in progress. */
const EVERY = 10 * MINUTE;
const MOST = 24;

/** Returns the problems that a person would have to solve. */
export async function onSchedule({ clients, clock }: Runner): Promise<readonly string[]> {
  for (let time = 1; time <= MOST; time++) {
    await sleep(clock, EVERY);
    const services = await reconcileServices(
      { clusters: ['shop'], services: null, dryRun: false },
      { clients, clock, run: runOf(100 + time), tell() {} },
    );
    const dirty = services.filter(({ state }) => state === 'dirty');
    if (dirty.length > 0) return dirty.map(({ reason }) => reason);
    if (services.every(({ state }) => state !== 'in progress')) return [];
  }
  return [`something is still in progress after ${(MOST * EVERY) / MINUTE} minutes`];
}
