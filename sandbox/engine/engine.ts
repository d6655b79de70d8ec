import { resolve } from 'node:path';
import Docker from 'dockerode';
import { startPrivateEngine } from './private-engine.ts';

export { removeImagesOf } from './images.ts';

/** A running Docker engine. */
export interface Engine {
  readonly docker: Docker;
  /** The value for DOCKER_HOST. */
  readonly dockerHost: string;
  /** True when the sandbox started the engine, because none was running. */
  readonly isPrivate: boolean;
  /** Stops the engine if the sandbox started it. Resolves when it has stopped. */
  close(): Promise<void>;
}

const USUAL = 'unix:///var/run/docker.sock';

/**
 * The engine at DOCKER_HOST or the default socket, otherwise a private engine with its data in
 * `directory`. Rejects with the cause and the fix when no engine answers at DOCKER_HOST or a
 * private engine cannot be started.
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
