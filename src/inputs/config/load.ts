import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { InvalidInputs, inputIssue } from '../issue.ts';
import type { Config } from './model.ts';
import { inspectConfig, readConfig, type InspectedConfig } from './read-config.ts';

/**
 * Reads the file of the input `config` in the workspace. Rejects with InvalidInputs with all
 * issues.
 */
export async function loadConfig(config: string, workspace: string): Promise<Config> {
  return readConfig(...(await textOf(config, workspace)));
}

/** The same file, with its issues as a result. Rejects with InvalidInputs if there is no file. */
export async function loadWithIssues(config: string, workspace: string): Promise<InspectedConfig> {
  return inspectConfig(...(await textOf(config, workspace)));
}

async function textOf(config: string, workspace: string): Promise<[text: string, file: string]> {
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
  return [text, relative(workspace, path)];
}
