import type Docker from 'dockerode';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { ContainerToRun, LogSink } from '../ports.ts';

/** Sends each line that the container writes to the log, with its time, until the container ends; resolves when all is sent. */
export async function followOutput(
  docker: Docker,
  container: Docker.Container,
  { log, logs }: { log: NonNullable<ContainerToRun['log']>; logs: LogSink },
): Promise<void> {
  const frames = await container.logs({ follow: true, stdout: true, stderr: true, timestamps: true });
  const streams = [new PassThrough(), new PassThrough()] as const;
  docker.modem.demuxStream(frames, ...streams);
  frames.once('end', () => streams.forEach((stream) => stream.end()));
  // The engine breaks off when it goes away: what was written until then is what there is.
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
