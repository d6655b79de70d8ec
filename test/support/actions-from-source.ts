import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { type FinishedStep, runAction, type RunningStep, type Step } from '../demo/runner.ts';
import { actions } from '../../src/inputs/actions/actions.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Actions of the family as the runner runs them, but from their source instead of their bundle. */
export interface Doors {
  run(
    folder: string,
    inputs: Readonly<Record<string, string>>,
    environment?: Readonly<Record<string, string>>,
  ): Promise<FinishedStep>;
  /** The same, while it runs. */
  start(
    folder: string,
    inputs: Readonly<Record<string, string>>,
    environment?: Readonly<Record<string, string>>,
    options?: Pick<Step, 'readsPost'>,
  ): Promise<RunningStep>;
  close(): Promise<void>;
}

/** Each run has a workspace of its own with a Dockerfile in it. */
export async function openDoors(): Promise<Doors> {
  const temp = await mkdtemp(join(tmpdir(), 'doors-'));
  let count = 0;
  const start: Doors['start'] = async (folder, inputs, environment = {}, options = {}) => {
    const described = actions.find((action) => action.folder === folder)!;
    const place = join(temp, `${++count}`);
    const action = join(place, 'action');
    await mkdir(action, { recursive: true });
    const door = (name: string) => relative(action, join(ROOT, 'src', `${name}.ts`));
    const runs = {
      using: 'node24',
      main: door(described.main),
      ...(described.post !== null && { post: door(described.post) }),
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
