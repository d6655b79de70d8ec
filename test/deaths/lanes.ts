// A pool of lanes. Each death runs on the next free lane.
import type { LiveSandbox } from '../support/live-sandbox.ts';
import type { Death } from './death.ts';
import { die, type DeathResult, type Own } from './die.ts';
import { openLane, type Lane } from './lane.ts';
import { truthOf } from './truth.ts';

export interface Lanes {
  try(death: Death): Promise<DeathResult>;
  /** Waits for a free lane, and runs `work` on it. */
  use<T>(work: (lane: Lane, own: Own) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export async function openLanes(sandbox: LiveSandbox, count: number): Promise<Lanes> {
  const lanes = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const lane = await openLane(sandbox, index + 1);
      const { deploymentConfiguration, tags, runningTasks } = await truthOf(sandbox, lane);
      return { lane, own: { deploymentConfiguration, tags, runningTasks } };
    }),
  );
  const free = [...lanes];
  const waiting: (() => void)[] = [];

  async function use<T>(work: (lane: Lane, own: Own) => Promise<T>): Promise<T> {
    while (free.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    const taken = free.shift()!;
    try {
      return await work(taken.lane, taken.own);
    } finally {
      free.push(taken);
      waiting.shift()?.();
    }
  }
  return {
    use,
    try: (death) => use((lane, own) => die(sandbox, lane, own, death)),
    async close() {
      await Promise.all(lanes.map(({ lane }) => lane.close()));
    },
  };
}
