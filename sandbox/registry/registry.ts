import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Clock } from '../../src/core/time/clock.ts';
import { createDoor } from './door.ts';
import type { Gate } from './gate.ts';
import { createImageIndex } from './image-index.ts';
import { createShelf } from './shelf.ts';
import type { Shelf } from './shelf.ts';
import { startStorage } from './storage.ts';

export { passwordGate, unauthorized } from './gate.ts';
export type { Denial, Gate } from './gate.ts';
export type { StoredImage } from './image-index.ts';
export type { Shelf } from './shelf.ts';

/** A real image registry for `docker login`, `push` and `pull`, with access control by a Gate. */
export interface Registry extends Shelf {
  /** `127.0.0.1:PORT`: the first part of an image's name. */
  readonly host: string;
  close(): Promise<void>;
}

export interface RegistryOptions {
  /** Where it may write; removed at the end. */
  readonly directory: string;
  readonly clock: Clock;
  readonly gate: Gate;
}

/** Rejects, with the cause and the fix, when the registry cannot be started. */
export async function startRegistry({ directory, clock, gate }: RegistryOptions): Promise<Registry> {
  const storage = await startStorage(directory);
  const shelf = createShelf(storage, createImageIndex(clock), gate);
  const server = createServer(createDoor(storage, shelf, gate));
  // A large layer may take longer than Node's default of five minutes.
  server.requestTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The registry has no port.');
  return {
    ...shelf,
    host: `127.0.0.1:${address.port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await storage.close();
    },
  };
}
