import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../../..');
const WORKFLOW = '.github/workflows/deploy.yml';

/**
 * What a run fetches as `ecs-ramp/ecs-ramp@v1`: the workflow and its actions as they are in this tree, bundled from its source. Two keys
 * are taken out of the workflow, since act 0.2 does not know them yet and refuses what it does not know; it has no use for what they
 * belong to either, `concurrency` and `environment`.
 */
export async function layOutActions(folder: string): Promise<void> {
  await mkdir(join(folder, '.github/workflows'), { recursive: true });
  await promisify(execFile)('script/build', [join(folder, 'dist')], { cwd: ROOT });
  for (const action of ['.', 'build', 'changes', 'deploy']) {
    const file = join(action, 'action.yml');
    await cp(join(ROOT, file), join(folder, file));
  }
  const workflow = await readFile(join(ROOT, WORKFLOW), 'utf8');
  await writeFile(join(folder, WORKFLOW), workflow.replaceAll(/^ *(?:queue|deployment): .*\n/gm, ''));
}
