import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TaskToRun } from '../ports.ts';

/**
 * The task metadata endpoint (version 4) of the ECS agent, limited to what identifies the service
 * revision.
 */
export interface Metadata {
  /** The value of ECS_CONTAINER_METADATA_URI_V4 in a container of the task. */
  uriOf(task: TaskToRun): string;
  close(): void;
}

/**
 * Serves it at an address that containers reach: the gateway of their network, or Docker Desktop's
 * host address.
 */
export async function serveMetadata(gateway: string): Promise<Metadata> {
  const server = createServer((request, response) => {
    const [, task, asked] = /^\/v4\/([^/]+)(\/task)?$/.exec(request.url ?? '') ?? [];
    if (task === undefined || asked === undefined) return response.writeHead(404).end();
    const body = Buffer.from(task, 'base64url');
    return response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  const host = await listen(gateway).catch(() => listen('127.0.0.1'));
  // The server must not keep the process alive.
  server.unref();

  async function listen(address: string): Promise<string> {
    server.listen(0, address);
    await once(server, 'listening');
    return address === gateway ? gateway : 'host.docker.internal';
  }
  return {
    // The path contains all required data.
    uriOf({ taskArn, family, revision }) {
      const { port } = addressOf(server.address());
      const task = {
        Cluster: taskArn.split('/')[1],
        TaskARN: taskArn,
        Family: family,
        Revision: String(revision),
      };
      return `http://${host}:${port}/v4/${Buffer.from(JSON.stringify(task)).toString('base64url')}`;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('The metadata server has no port.');
  return address;
}
