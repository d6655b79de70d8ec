import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openScene, type Scene, type Setting } from './scene.ts';

/** Runs a story of `script/conformance NAME`, and cleans up. The exit code is 1 if it fails. */
export async function perform(
  name: string,
  setting: Setting,
  story: (scene: Scene) => Promise<void>,
): Promise<void> {
  const began = performance.now();
  const say = (line: string) => {
    const seconds = ((performance.now() - began) / 1_000).toFixed(1).padStart(6);
    console.log(`${seconds}  ${line}`);
  };
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interrupted.abort(new Error(`stopped by ${signal}`)));
  }
  const folder = await mkdtemp(join(tmpdir(), 'ecs-ramp-monorepo-'));
  try {
    const scene = await openScene(folder, setting, { say, signal: interrupted.signal });
    try {
      await story(scene);
    } finally {
      await scene.close();
    }
    say('Everything is as expected.');
  } catch (error) {
    console.error(`script/conformance ${name}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
