import type Docker from 'dockerode';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { ContainerToRun, LogSink } from '../ports.ts';

/**
 * Copies the output of the container to the log, with times, until the container ends. Resolves
 * when all lines are sent.
 */
export async function followOutput(
  docker: Docker,
  container: Docker.Container,
  { log, logs }: { log: NonNullable<ContainerToRun['log']>; logs: LogSink },
): Promise<void> {
  const frames = await container.logs({ follow: true, stdout: true, stderr: true, timestamps: true });
  const streams = [new PassThrough(), new PassThrough()] as const;
  docker.modem.demuxStream(frames, ...streams);
  frames.once('end', () => streams.forEach((stream) => stream.end()));
  // The engine closes the stream when it stops; the output until then is complete.
  frames.once('error', () => streams.forEach((stream) => stream.end()));
  await Promise.all(
    streams.map(async (stream) => {
      const lines = createInterface({ input: stream, crlfDelay: Infinity });
      lines.on('line', (line) => {
        // 2026-11-21T12:00:00.123456789Z the message
        const space = line.indexOf(' ');
        logs.append(log.group, log.stream, Date.parse(line.slice(0, space)), line.slice(space + 1));
      });
      await once(lines, 'close');
    }),
  );
}
