import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type RunningStep, runAction } from '../../demo/runner.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecs-ramp-runner-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function action(main: string, options: { post?: string; inputs?: string } = {}): Promise<void> {
  const post = options.post === undefined ? '' : '  post: post.mjs\n';
  const manifest = `name: probe\ninputs:\n${options.inputs ?? '  who: { default: world }\n'}runs:\n  using: node24\n  main: main.mjs\n${post}`;
  await writeFile(join(folder, 'action.yml'), manifest);
  await writeFile(join(folder, 'main.mjs'), main);
  await writeFile(join(folder, 'post.mjs'), options.post ?? '');
}

function start(
  options: { inputs?: Record<string, string>; onLine?: (line: string) => void } = {},
): RunningStep {
  return runAction({
    action: folder,
    inputs: options.inputs ?? {},
    environment: { GREETING: 'hello' },
    workspace: folder,
    temp: join(folder, 'temp'),
    commit: 'c0ffee',
    ...(options.onLine && { onLine: options.onLine }),
  });
}

describe('an action run as the runner runs it', () => {
  test('finds its inputs, defaults filled in, undeclared ones too', async () => {
    await action(`console.log(process.env.INPUT_WHO, process.env['INPUT_BUILD-ARGS'])`);
    const { log } = await start({ inputs: { 'build-args': 'A=1' } }).done;
    expect(log).toEqual(['world A=1']);
  });

  test('sees the environment of its step and of the runner, and nothing of the caller', async () => {
    process.env.SECRET_OF_CALLER = 'x';
    await action(
      `const { GREETING, GITHUB_SHA, SECRET_OF_CALLER } = process.env; console.log(GREETING, GITHUB_SHA, SECRET_OF_CALLER)`,
    );
    const { log } = await start().done;
    delete process.env.SECRET_OF_CALLER;
    expect(log).toEqual(['hello c0ffee undefined']);
  });

  test('gives outputs and a summary by files, values of several lines and with = in them too', async () => {
    await action(`
      import { appendFileSync } from 'node:fs';
      appendFileSync(process.env.GITHUB_OUTPUT, 'url=http://x/?a=b\\nreason<<END\\nfirst\\n\\nsecond=2\\nEND\\n');
      appendFileSync(process.env.GITHUB_STEP_SUMMARY, '# Done\\n');`);
    const { outputs, summary } = await start().done;
    expect(outputs).toEqual({ url: 'http://x/?a=b', reason: 'first\n\nsecond=2' });
    expect(summary).toBe('# Done\n');
  });

  test('is told apart from its workflow commands', async () => {
    await action(`
      console.log('::group::Build');
      console.log('::debug::hidden');
      console.log('::endgroup::');
      console.log('::error file=Dockerfile,line=3,title=a%2Cb%3Ac::no such%0Afile 100%25');`);
    const { log, annotations } = await start().done;
    expect(log).toEqual(['▸ Build', 'Error: no such\nfile 100%']);
    expect(annotations).toEqual([
      {
        level: 'error',
        message: 'no such\nfile 100%',
        properties: { file: 'Dockerfile', line: '3', title: 'a,b:c' },
      },
    ]);
  });

  test('has its secrets masked, in annotations too', async () => {
    await action(
      `console.log('::add-mask::hunter2'); console.log('pw hunter2'); console.log('::error::hunter2')`,
    );
    const { log, annotations } = await start().done;
    expect(log).toEqual(['pw ***', 'Error: ***']);
    expect(annotations[0]!.message).toBe('***');
  });

  test('has its post step run after a failure, with the state it saved', async () => {
    await action(
      `import { appendFileSync } from 'node:fs';
       appendFileSync(process.env.GITHUB_STATE, 'begun=yes\\n'); process.exitCode = 3;`,
      { post: 'console.log("post", process.env.STATE_begun); process.exitCode = 4;' },
    );
    const { exitCode, postExitCode, log } = await start().done;
    expect({ exitCode, postExitCode, log }).toEqual({ exitCode: 3, postExitCode: 4, log: ['post yes'] });
  });

  test('is asked to stop by SIGINT when it is cancelled', async () => {
    await action(`
      const forever = setInterval(() => {}, 1000);
      process.on('SIGINT', () => { console.log('cancelled'); clearInterval(forever); });
      console.log('ready');`);
    const step: RunningStep = start({ onLine: (line) => line === 'ready' && step.cancel() });
    const { exitCode, log } = await step.done;
    expect({ exitCode, log }).toEqual({ exitCode: 0, log: ['ready', 'cancelled'] });
  });

  test('has no post step when its machine is gone', async () => {
    await action(`setInterval(() => {}, 1000); console.log('ready');`, { post: 'console.log("post")' });
    const step: RunningStep = start({ onLine: (line) => line === 'ready' && step.vanish() });
    const { exitCode, postExitCode, log } = await step.done;
    expect({ exitCode, postExitCode, log }).toEqual({ exitCode: null, postExitCode: null, log: ['ready'] });
  });

  test('has its post step after it was killed', async () => {
    await action(`setInterval(() => {}, 1000); console.log('ready');`, { post: 'console.log("post")' });
    const step: RunningStep = start({ onLine: (line) => line === 'ready' && step.kill('SIGKILL') });
    const { exitCode, log } = await step.done;
    expect({ exitCode, log }).toEqual({ exitCode: null, log: ['ready', 'post'] });
  });

  test('is refused when it writes an output that the runner could not read', async () => {
    await action(`
      import { appendFileSync } from 'node:fs';
      appendFileSync(process.env.GITHUB_OUTPUT, 'reason<<END\\nnever closed\\n');`);
    await expect(start().done).rejects.toThrow('The value of reason has no closing line END.');
  });
});
