import type { DataPlane } from '../ports.ts';
import { routingOf } from './routing.ts';
import type { World } from './world.ts';

/**
 * Passes the routing to the data plane, one update at a time, each with the state at its turn. A
 * change that requires a port is made in its turn and undone when the data plane cannot serve it.
 */
export interface Publisher {
  /** @throws what the data plane throws, after `undo`. */
  publish(change?: { apply(): void; undo(): void }): Promise<void>;
  /** Stops updates. Resolves when the last update has ended. */
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
      // The caller gets the error; the next turn does not depend on it.
      last = turn.catch(() => {});
      return turn;
    },
    close() {
      closed = true;
      return last;
    },
  };
}
