import { resolve } from 'node:path';
import Docker from 'dockerode';
import { startPrivateEngine } from './private-engine.ts';

export { removeImagesOf } from './images.ts';

/** A Docker engine that answers. */
export interface Engine {
  readonly docker: Docker;
  /** As in the variable DOCKER_HOST. */
  readonly dockerHost: string;
  /** True: nobody had one, so this one belongs to the sandbox. */
  readonly isPrivate: boolean;
  /** Stops it if it was started here; resolves when it is gone. */
  close(): Promise<void>;
}

const USUAL = 'unix:///var/run/docker.sock';

/**
 * The engine at DOCKER_HOST or the usual socket; where none answers, a private one whose data lies in `directory`. Rejects,
 * with the cause and the fix, when DOCKER_HOST leads nowhere or a private engine cannot be had.
 */
export async function startEngine({ directory = '.sandbox/engine' } = {}): Promise<Engine> {
  const named = process.env['DOCKER_HOST'];
  const docker = new Docker();
  const problem = await docker.ping().then(
    () => null,
    (error: unknown) => String(error),
  );
  if (problem === null)
    return { docker, dockerHost: named ?? USUAL, isPrivate: false, close: async () => {} };
  if (named) {
    const fix = 'Start that engine, or unset DOCKER_HOST to let the sandbox find or start one.';
    throw new Error(`No Docker engine answers at DOCKER_HOST=${named} (${problem}). ${fix}`);
  }
  const daemon = await startPrivateEngine(resolve(directory));
  return {
    docker: new Docker({ socketPath: daemon.socket }),
    dockerHost: `unix://${daemon.socket}`,
    isPrivate: true,
    close: () => daemon.close(),
  };
}
