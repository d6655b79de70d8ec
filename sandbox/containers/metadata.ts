import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TaskToRun } from '../ports.ts';

/** The endpoint by which the ECS agent tells a container which task it is in (version 4), as far as that says which version of a service it is. */
export interface Metadata {
  /** What a container of the task has in ECS_CONTAINER_METADATA_URI_V4. */
  uriOf(task: TaskToRun): string;
  close(): void;
}

/** Serves it where containers of a network reach this machine: at the network's gateway, or where Docker Desktop has their way out. */
export async function serveMetadata(gateway: string): Promise<Metadata> {
  const server = createServer((request, response) => {
    const [, task, asked] = /^\/v4\/([^/]+)(\/task)?$/.exec(request.url ?? '') ?? [];
    if (task === undefined || asked === undefined) return response.writeHead(404).end();
    const body = Buffer.from(task, 'base64url');
    return response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  const host = await listen(gateway).catch(() => listen('127.0.0.1'));
  // What nobody waits for must not keep the process alive.
  server.unref();

  async function listen(address: string): Promise<string> {
    server.listen(0, address);
    await once(server, 'listening');
    return address === gateway ? gateway : 'host.docker.internal';
  }
  return {
    // The address itself says all there is to tell.
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
