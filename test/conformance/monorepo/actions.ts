import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../../..');
const WORKFLOW = '.github/workflows/deploy.yml';

/**
 * Creates the folder for `ecs-ramp/ecs-ramp@v1`: the workflow and the actions of this repository,
 * bundled from source. Removes two keys of `concurrency` and `environment` from the workflow,
 * because act 0.2 refuses them. act ignores `concurrency` and `environment` anyway.
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
