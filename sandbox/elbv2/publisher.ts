import type { DataPlane } from '../ports.ts';
import { routingOf } from './routing.ts';
import type { World } from './world.ts';

/**
 * Tells the data plane the routing, one telling after the other and each as of its turn. A change that needs a port is tried
 * within its turn and taken back when the data plane cannot serve it.
 */
export interface Publisher {
  /** @throws what the data plane throws, after `undo`. */
  publish(change?: { apply(): void; undo(): void }): Promise<void>;
  /** Resolves when the last telling has ended; there will be no other. */
  readonly close: () => Promise<void>;
}

export function createPublisher(world: World, dataPlane: DataPlane): Publisher {
  let last: Promise<void> = Promise.resolve();
  let closed = false;

  async function tell(change: Parameters<Publisher['publish']>[0]): Promise<void> {
    if (closed) return;
    change?.apply();
    try {
      await dataPlane.apply(routingOf(world));
    } catch (error) {
      if (change) {
        change.undo();
        await dataPlane.apply(routingOf(world));
      }
      throw error;
    }
  }

  return {
    publish(change) {
      const turn = last.then(() => tell(change));
      // who asked learns of the failure; the next turn does not depend on it
      last = turn.catch(() => {});
      return turn;
    },
    close() {
      closed = true;
      return last;
    },
  };
}
