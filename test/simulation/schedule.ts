import { reconcileServices } from '../../src/commands/reconcile/reconcile.ts';
import { MINUTE, sleep } from '../../src/core/time/clock.ts';
import { runOf } from './job.ts';
import type { Runner } from './runner.ts';

/** How often the workflow runs, and after how many times nothing is in progress any more. */
const EVERY = 10 * MINUTE;
const MOST = 24;

/** Nobody comes but the scheduled reconcile, until it finds nothing more to wait for. What a person would be needed for, in words. */
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
