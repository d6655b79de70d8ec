import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Settings of act, an independent runner of workflows. Nothing else comes from this machine. */
export interface Act {
  /** Path of the program. */
  readonly program: string;
  /** Folder for its caches and the jobs' files. */
  readonly home: string;
  /** Folders of actions by `OWNER/NAME@REF`. */
  readonly actions: Readonly<Record<string, string>>;
  /** With the GITHUB_TOKEN for GitHub's API. */
  readonly secrets: Readonly<Record<string, string>>;
  /** `vars` of the repository. */
  readonly variables: Readonly<Record<string, string>>;
  /** `env:` of every step. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** An event that starts a workflow, with a checkout of its commit. */
export interface Event {
  readonly name: 'push' | 'pull_request';
  readonly payload: object;
  readonly checkout: string;
  /** The file's name in .github/workflows. */
  readonly workflow: string;
  /** The job is '' for lines of the whole run. */
  readonly onLine?: (job: string, line: string) => void;
}

/** A workflow run that has ended. */
export interface Run {
  readonly green: boolean;
  /** By name, without act's number for matrix jobs. Skipped jobs are left out. */
  readonly jobs: ReadonlyMap<string, Job>;
}

export interface Job {
  /** Whether no step failed. */
  readonly green: boolean;
  readonly log: readonly string[];
}

/** The members of act's log lines that are used here. */
interface LogLine {
  readonly job?: string;
  readonly step?: string;
  readonly msg?: string;
  readonly raw_output?: boolean;
  readonly stepResult?: 'success' | 'failure';
}

/** Runs the workflow. Matrix jobs run in parallel, steps as processes of this machine. */
export async function run(
  act: Act,
  { name, payload, checkout, workflow, onLine }: Event,
  id: number,
): Promise<Run> {
  const work = join(act.home, `run-${id}`);
  await mkdir(work, { recursive: true });
  const event = join(work, 'event.json');
  await writeFile(event, JSON.stringify(payload));
  const environment = { ...act.environment, GITHUB_REPOSITORY: 'example/shop', GITHUB_RUN_ID: String(id) };
  const settings = { env: environment, secret: act.secrets, var: act.variables };
  const child = spawn(
    act.program,
    [
      name,
      `--workflows=.github/workflows/${workflow}`,
      `--eventpath=${event}`,
      '--platform=ubuntu-latest=-self-hosted',
      ...Object.entries(act.actions).map(([name, folder]) => `--local-repository=${name}=${folder}`),
      ...Object.entries(settings).flatMap(([kind, values]) =>
        Object.entries(values).map(([name, value]) => `--${kind}=${name}=${value}`),
      ),
      '--concurrent-jobs=8',
      '--action-offline-mode',
      '--no-cache-server',
      '--json',
    ],
    {
      cwd: checkout,
      env: {
        PATH: process.env['PATH'],
        HOME: work,
        XDG_CONFIG_HOME: work,
        XDG_CACHE_HOME: work,
        ...(act.environment['DOCKER_HOST'] && { DOCKER_HOST: act.environment['DOCKER_HOST'] }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const interrupt = () => void child.kill('SIGINT');
  act.signal.addEventListener('abort', interrupt);
  const jobs = new Map<string, { green: boolean; readonly log: string[] }>();
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on('line', (line) => {
      const { job = '', step, msg = '', raw_output: said = false, stepResult } = read(line);
      if (job === '') return onLine?.('', msg);
      // A job that calls a workflow has no steps.
      if (step === undefined) return;
      // WORKFLOW/JOB, or CALLING-WORKFLOW/CALLING-JOB/JOB, with a number in a matrix.
      const [, short = job] = /([^/]+?)(?:-\d+)?\s*$/.exec(job) ?? [];
      if (!jobs.has(short)) jobs.set(short, { green: true, log: [] });
      // act marks all jobs of a matrix as failed if one failed. The steps show which one it was.
      if (stepResult === 'failure') jobs.get(short)!.green = false;
      // act does not treat annotations as output of the step.
      if (!said && !/^\s*\S+\s+::(?:error|warning|notice)/.test(msg)) return;
      jobs.get(short)!.log.push(msg.trimEnd());
      onLine?.(short, msg.trimEnd());
    });
  }
  const [code]: (number | null)[] = await once(child, 'close');
  act.signal.removeEventListener('abort', interrupt);
  act.signal.throwIfAborted();
  await rm(work, { recursive: true, force: true });
  return { green: code === 0, jobs };
}

/** Lines that are not JSON belong to the whole run. */
function read(line: string): LogLine {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all members are optional
    return JSON.parse(line) as LogLine;
  } catch {
    return { msg: line };
  }
}
