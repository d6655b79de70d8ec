/**
 * The memory of the process that dist/main.js is, through a release of an hour. The clocks of the job
 * and of the simulated AWS run faster than the real one, so the process makes the same calls in less
 * time.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MINUTE } from '../../../src/core/time/clock.ts';
import { serveAws } from '../../support/served-aws.ts';

export interface Sample {
  /** Since the start of the release. */
  readonly minutes: number;
  readonly megabytes: number;
}

/** A step of 27 minutes at 10% and one at 50%, and the old revision kept for six. */
const AN_HOUR = {
  steps: '10,50,100',
  'bake-time': '27m',
  'step-timeout': '1h',
  'keep-old': '6m',
  'metric-period': '60s',
  'metric-delay': '60s',
  'warm-up': '60s',
  'start-timeout': '10m',
};
const EVERY = 200;

/** Rejects when the release is not deployed. `factor`: how many times as fast the clocks run. */
export async function measureMemory(factor = 20): Promise<readonly Sample[]> {
  const since = Date.now();
  const now = () => since + (Date.now() - since) * factor;
  const served = await serveAws({}, now);
  try {
    const release = await served.release({
      inputs: AN_HOUR,
      environment: {
        NODE_OPTIONS: `--import ${join(import.meta.dirname, 'fast-clock.js')}`,
        FAST_CLOCK_FACTOR: String(factor),
        FAST_CLOCK_SINCE: String(since),
      },
    });
    const samples: Sample[] = [];
    const began = now();
    const sampling = setInterval(() => {
      const megabytes = residentOf(release.step.pid());
      if (megabytes !== null) samples.push({ minutes: (now() - began) / MINUTE, megabytes });
    }, EVERY);
    const { exitCode, log } = await release.step.done.finally(() => clearInterval(sampling));
    if (exitCode !== 0) throw new Error(`The release failed:\n${log.slice(-20).join('\n')}`);
    return samples;
  } finally {
    await served.close();
  }
}

/** The resident memory of a process; `null` when it has ended. */
function residentOf(pid: number | null): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(status) ?? [];
    return kilobytes === undefined ? null : Number(kilobytes) / 1_024;
  } catch {
    return null;
  }
}
