// Runs the repository's actions from their TypeScript source, as GitHub's runner runs them.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { type FinishedStep, runAction, type RunningStep, type Step } from '../demo/runner.ts';
import { actions } from '../../src/inputs/actions/actions.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface ActionRunner {
  run(
    folder: string,
    inputs: Readonly<Record<string, string>>,
    environment?: Readonly<Record<string, string>>,
  ): Promise<FinishedStep>;
  /** Resolves when the step has started. `done` of the step resolves when it ends. */
  start(
    folder: string,
    inputs: Readonly<Record<string, string>>,
    environment?: Readonly<Record<string, string>>,
    options?: Pick<Step, 'readsPost'>,
  ): Promise<RunningStep>;
  close(): Promise<void>;
}

/** Each run gets its own workspace, which contains a Dockerfile. */
export async function createActionRunner(): Promise<ActionRunner> {
  const temp = await mkdtemp(join(tmpdir(), 'ecs-ramp-actions-'));
  let count = 0;
  const start: ActionRunner['start'] = async (folder, inputs, environment = {}, options = {}) => {
    const described = actions.find((action) => action.folder === folder)!;
    const place = join(temp, `${++count}`);
    const action = join(place, 'action');
    await mkdir(action, { recursive: true });
    const entry = (name: string) => relative(action, join(ROOT, 'src', `${name}.ts`));
    const runs = {
      using: 'node24',
      main: entry(described.main),
      ...(described.post !== null && { post: entry(described.post) }),
    };
    await writeFile(join(action, 'action.yml'), stringify({ runs }));
    const workspace = join(place, 'workspace');
    await mkdir(workspace);
    await writeFile(join(workspace, 'Dockerfile'), 'FROM scratch\n');
    return runAction({
      ...options,
      action,
      inputs,
      environment,
      workspace,
      temp: join(place, 'runner'),
      commit: '0123456789abcdef0123456789abcdef01234567',
    });
  };
  return {
    start,
    run: async (...run) => (await start(...run)).done,
    close: () => rm(temp, { recursive: true }),
  };
}
