import { spawn } from 'node:child_process';
import { type ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import type Docker from 'dockerode';

/**
 * Builds a folder with a Dockerfile and pushes it to a repository of ECR, as `docker build` and `docker push` do. Answers the
 * image's name. The shop's first versions come this way, before ecs-ramp has anything to do with it.
 */
export async function publish(docker: Docker, ecr: ECRClient, image: ImageToPublish): Promise<string> {
  const name = `${image.repositoryUri}:${image.tag}`;
  const context = spawn('tar', ['-C', image.context, '-cf', '-', '.'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const build = await docker.buildImage(context.stdout, {
    t: name,
    buildargs: image.buildArgs,
    // an image of its own in each registry: what is removed with one registry is not missed by another
    labels: { 'org.opencontainers.image.ref.name': name },
    ...BUILDKIT,
  });
  await finished(docker, build);
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand());
  const [username, password] = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64')
    .toString()
    .split(':');
  const push = await docker
    .getImage(name)
    .push({ authconfig: { username, password, serveraddress: host(name) } });
  await finished(docker, push);
  return name;
}

/** As a number, which the types do not know: with '2' dockerode opens a session of its own, which the engine closes. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
const BUILDKIT = { version: 2 } as unknown as { version: '2' };

export interface ImageToPublish {
  /** As ECR tells it: host/name. */
  readonly repositoryUri: string;
  readonly tag: string;
  /** Folder of the Dockerfile. */
  readonly context: string;
  readonly buildArgs: Readonly<Record<string, string>>;
}

function host(name: string): string {
  return name.slice(0, name.indexOf('/'));
}

/** The engine tells failures inside an answer that began well. */
function finished(docker: Docker, progress: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(
      progress,
      (error) => (error ? reject(error) : resolve()),
      (event: { readonly error?: string }) => event.error && reject(new Error(event.error)),
    );
  });
}
