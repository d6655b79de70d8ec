import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** act, an independent runner of workflows, with what it must not take from the machine it runs on. */
export interface Act {
  /** Path of the program. */
  readonly program: string;
  /** Folder of its own, for its caches and the jobs' work. */
  readonly home: string;
  /** What `OWNER/NAME@REF` is, by that: folders. */
  readonly actions: Readonly<Record<string, string>>;
  /** GITHUB_TOKEN is for GitHub's API. */
  readonly secrets: Readonly<Record<string, string>>;
  /** `vars` of the repository. */
  readonly variables: Readonly<Record<string, string>>;
  /** `env:` of every step. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** An event that starts a workflow, on a checkout of the commit that it is about. */
export interface Event {
  readonly name: 'push' | 'pull_request';
  readonly payload: object;
  readonly checkout: string;
  /** Its name in .github/workflows. */
  readonly workflow: string;
  /** Job '': of the run as a whole. */
  readonly onLine?: (job: string, line: string) => void;
}

/** A workflow run that has ended. */
export interface Run {
  readonly green: boolean;
  /** By name without the number that act gives to a matrix's jobs. Jobs that were skipped are not among them. */
  readonly jobs: ReadonlyMap<string, Job>;
}

export interface Job {
  /** No step of it failed. */
  readonly green: boolean;
  readonly log: readonly string[];
}

/** A line that act prints of itself or of a step, as far as it matters here. */
interface Told {
  readonly job?: string;
  readonly step?: string;
  readonly msg?: string;
  readonly raw_output?: boolean;
  readonly stepResult?: 'success' | 'failure';
}

/** Runs what the event starts: jobs of a matrix at once, steps as processes of this machine, no containers. */
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
      // a job that calls a workflow has no steps
      if (step === undefined) return;
      // workflow/job, or caller's workflow/caller's job/job, and a number in a matrix
      const [, short = job] = /([^/]+?)(?:-\d+)?\s*$/.exec(job) ?? [];
      if (!jobs.has(short)) jobs.set(short, { green: true, log: [] });
      // act takes one failed job of a matrix for the failure of all: only its steps tell which one it was
      if (stepResult === 'failure') jobs.get(short)!.green = false;
      // annotations are not output of the step any more
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

/** What is not JSON is about the run as a whole. */
function read(line: string): Told {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its every member may be missing
    return JSON.parse(line) as Told;
  } catch {
    return { msg: line };
  }
}
