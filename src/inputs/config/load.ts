import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { InvalidInputs, inputIssue } from '../issue.ts';
import type { Config } from './model.ts';
import { readConfig } from './read-config.ts';

/**
 * Reads the file of the input `config` in the workspace. Rejects with InvalidInputs with all
 * issues.
 */
export async function loadConfig(config: string, workspace: string): Promise<Config> {
  const path = resolve(workspace, config);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new InvalidInputs([
      inputIssue('config', {
        given: config,
        problem: `there is no file ${path}`,
        fix: 'give the path of ecs-ramp.yml, relative to the workspace (in a terminal: to the current folder); in a workflow, check out the repository before this step',
      }),
    ]);
  }
  return readConfig(text, relative(workspace, path));
}
