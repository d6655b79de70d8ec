import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const JENKINSFILE = join(import.meta.dirname, '../../../examples/ci/jenkins/Jenkinsfile');

/** A build with the shell steps of the example's Jenkinsfile, without Jenkins. */
export interface Build {
  readonly workspace: string;
  /** Path of the bundled command line, which replaces `npx ecs-ramp`. */
  readonly cli: string;
  /** Variables of the agent, of Jenkins and of its git plugin. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine: (step: string, line: string) => void;
  readonly signal: AbortSignal;
}

interface Job {
  readonly service: string;
}

/** Returns the deployed services. Rejects if a step fails. */
export async function build({
  workspace,
  cli,
  environment,
  onLine,
  signal,
}: Build): Promise<readonly string[]> {
  const [changes, deploy] = await shellSteps();
  const tools = join(workspace, '.tools');
  const npx = join(tools, 'npx');
  await mkdir(tools);
  await writeFile(npx, `#!/bin/sh\nshift 2\nexec '${process.execPath}' '${cli}' "$@"\n`);
  await chmod(npx, 0o755);

  async function sh(step: string, script: string, variables: Readonly<Record<string, string>> = {}) {
    const env = { PATH: `${tools}:${process.env['PATH']}`, ...environment, ...variables };
    const child = spawn('sh', ['-ec', script], { cwd: workspace, env, signal, killSignal: 'SIGTERM' });
    for (const output of [child.stdout, child.stderr]) {
      createInterface({ input: output }).on('line', (line) => onLine(step, line));
    }
    const [code]: (number | null)[] = await once(child, 'close');
    if (code !== 0) throw new Error(`${step} ended with ${code}`);
  }

  await sh('Changes', changes);
  const { waves }: { readonly waves: readonly { readonly include: readonly Job[] }[] } = JSON.parse(
    await readFile(join(workspace, 'changes.json'), 'utf8'),
  );
  for (const { include } of waves) {
    const steps = include.map(({ service }) =>
      sh(`Deploy ${service}`, deploy, { SERVICE: service, REPORT: `ecs-ramp/${service}` }),
    );
    await Promise.all(steps);
  }
  return waves.flatMap(({ include }) => include.map(({ service }) => service));
}

/** The `sh` scripts of the stage Changes and, for one service, of the stage Deploy. */
async function shellSteps(): Promise<readonly [string, string]> {
  const text = await readFile(JENKINSFILE, 'utf8');
  const [, changes] = /sh '''\n(.*?)'''/s.exec(text) ?? [];
  const [, deploy] = /sh '([^'\n]+)'/.exec(text.replaceAll("'''", '')) ?? [];
  if (changes === undefined || deploy === undefined) throw new Error('The Jenkinsfile has unexpected steps.');
  return [changes, deploy];
}
