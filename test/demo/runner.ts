import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { arch, homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'yaml';
import { readCommandFile } from './command-file.ts';
import { readLine } from './workflow-command.ts';

/**
 * Runs a JavaScript action as GitHub's runner runs it: inputs with their defaults from action.yml,
 * the files and variables that an action finds, `main` and then `post` each as a process of Node
 * 24, workflow commands read from its output.
 */
export function runAction(step: Step): RunningStep {
  const running = new Running(step);
  return {
    cancel: () => running.cancel(),
    kill: (signal) => running.kill(signal),
    vanish: () => running.vanish(),
    stopReading: () => running.stopReading(),
    pid: () => running.pid,
    done: running.run(),
  };
}

export interface Step {
  /** Folder of action.yml. */
  readonly action: string;
  /** `with:` */
  readonly inputs: Readonly<Record<string, string>>;
  /** `env:`. The action gets only this, PATH, HOME and the runner's variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly workspace: string;
  /** RUNNER_TEMP. Created if missing, and not removed afterwards. */
  readonly temp: string;
  /** The commit that the workflow runs for. */
  readonly commit: string;
  /** `false`: `post` does not run, as when the machine is lost. */
  readonly hasPost?: boolean;
  /** `false`: the output of `post` is not read. */
  readonly readsPost?: boolean;
  /** Called with each line of the log, with masks applied. */
  readonly onLine?: (line: string) => void;
}

export interface RunningStep {
  /** Cancels as the runner does: SIGINT, 7.5 s later SIGTERM, 2.5 s later SIGKILL. `post` runs. */
  cancel(): void;
  /** Sends a signal to the running process. `post` runs. */
  kill(signal: NodeJS.Signals): void;
  /** Simulates a lost machine: SIGKILL to the running process, and `post` does not run. */
  vanish(): void;
  /** Stops reading the step's output, while the step continues. */
  stopReading(): void;
  /** The id of the running process; `null` when none runs. */
  pid(): number | null;
  readonly done: Promise<FinishedStep>;
}

export interface FinishedStep {
  /** Of `main`; `null` if it was ended by a signal. */
  readonly exitCode: number | null;
  /** Of `post`; `null` if it was ended by a signal or did not run. */
  readonly postExitCode: number | null;
  readonly outputs: Readonly<Record<string, string>>;
  /** Markdown. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  readonly log: readonly string[];
}

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly properties: Readonly<Record<string, string>>;
}

interface Manifest {
  readonly inputs?: Readonly<Record<string, { readonly default?: string | number | boolean } | null>>;
  readonly runs: { readonly using: string; readonly main: string; readonly post?: string };
}

const isLevel = (name: string) => name === 'error' || name === 'warning' || name === 'notice';

class Running {
  readonly #step: Step;
  readonly #log: string[] = [];
  readonly #annotations: Annotation[] = [];
  readonly #masks: string[] = [];
  #child: ReturnType<typeof spawn> | null = null;
  #vanished = false;

  constructor(step: Step) {
    this.#step = step;
  }

  async run(): Promise<FinishedStep> {
    const { action, temp } = this.#step;
    const manifest: Manifest = parse(await readFile(join(action, 'action.yml'), 'utf8'));
    if (!manifest.runs.using.startsWith('node')) {
      throw new Error(`${action}: only JavaScript actions run here, this one is ${manifest.runs.using}.`);
    }
    await mkdir(temp, { recursive: true });
    const files = await commandFiles(temp);
    const environment = {
      ...(await runnerEnvironment(this.#step, files)),
      ...inputVariables(manifest, this.#step),
    };
    const exitCode = await this.#start(join(action, manifest.runs.main), environment);
    let postExitCode: number | null = null;
    if (manifest.runs.post && !this.#vanished && this.#step.hasPost !== false) {
      const state = Object.entries(await valuesOf(files.GITHUB_STATE)).map(([name, value]) => [
        `STATE_${name}`,
        value,
      ]);
      postExitCode = await this.#start(
        join(action, manifest.runs.post),
        {
          ...environment,
          ...Object.fromEntries(state),
        },
        this.#step.readsPost,
      );
    }
    return {
      exitCode,
      postExitCode,
      outputs: await valuesOf(files.GITHUB_OUTPUT),
      summary: await readFile(files.GITHUB_STEP_SUMMARY, 'utf8'),
      annotations: this.#annotations,
      log: this.#log,
    };
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  cancel(): void {
    const child = this.#child;
    child?.kill('SIGINT');
    for (const [delay, signal] of [
      [7_500, 'SIGTERM'],
      [10_000, 'SIGKILL'],
    ] as const) {
      const timer = setTimeout(() => child?.kill(signal), delay);
      child?.once('exit', () => clearTimeout(timer));
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  vanish(): void {
    this.#vanished = true;
    this.kill('SIGKILL');
  }

  stopReading(): void {
    this.#vanished = true;
    this.#child?.stdout?.destroy();
    this.#child?.stderr?.destroy();
  }

  /** Resolves with the exit code when the process has ended and its output is read. */
  #start(script: string, environment: NodeJS.ProcessEnv, isRead = true): Promise<number | null> {
    const child = spawn(process.execPath, [script], {
      cwd: this.#step.workspace,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    for (const input of [child.stdout, child.stderr]) {
      if (!isRead) input.destroy();
      else createInterface({ input, crlfDelay: Infinity }).on('line', (line) => this.#read(line));
    }
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code));
    });
  }

  #read(raw: string): void {
    const line = readLine(raw);
    if (line.kind === 'text') return this.#show(line.text);
    const { name, data, properties } = line;
    if (name === 'add-mask') {
      if (data) this.#masks.push(data);
    } else if (isLevel(name)) {
      this.#annotations.push({ level: name, message: this.#masked(data), properties });
      this.#show(`${name[0]!.toUpperCase()}${name.slice(1)}: ${data}`);
    } else if (name === 'group') {
      this.#show(`▸ ${data}`);
    } else if (name !== 'endgroup' && name !== 'debug') {
      throw new Error(`An action should not say ::${name}:: any more.`);
    }
  }

  #show(text: string): void {
    const line = this.#masked(text);
    this.#log.push(line);
    this.#step.onLine?.(line);
  }

  #masked(text: string): string {
    return this.#masks.reduce((text, secret) => text.replaceAll(secret, '***'), text);
  }
}

/** INPUT_* variables from the defaults and `with:`. As in the runner, with undeclared inputs. */
function inputVariables(manifest: Manifest, step: Step): Record<string, string> {
  const defaults = Object.entries(manifest.inputs ?? {}).map(([name, input]) => [
    name,
    evaluated(String(input?.default ?? '')),
  ]);
  const inputs: Record<string, string> = { ...Object.fromEntries(defaults), ...step.inputs };
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      value,
    ]),
  );
}

/** Expressions in defaults, for example `${{ github.token }}`, become empty. */
function evaluated(value: string): string {
  return value.replaceAll(/\$\{\{.*?\}\}/g, '');
}

type CommandFiles = Readonly<
  Record<'GITHUB_OUTPUT' | 'GITHUB_STATE' | 'GITHUB_ENV' | 'GITHUB_PATH' | 'GITHUB_STEP_SUMMARY', string>
>;

async function commandFiles(temp: string): Promise<CommandFiles> {
  const folder = await mkdtemp(join(temp, '_runner_file_commands-'));
  const file = async (name: string) => {
    const path = join(folder, name);
    await writeFile(path, '');
    return path;
  };
  return {
    GITHUB_OUTPUT: await file('set_output'),
    GITHUB_STATE: await file('save_state'),
    GITHUB_ENV: await file('set_env'),
    GITHUB_PATH: await file('add_path'),
    GITHUB_STEP_SUMMARY: await file('step_summary'),
  };
}

async function valuesOf(file: string): Promise<Record<string, string>> {
  return readCommandFile(await readFile(file, 'utf8'));
}

/** GITHUB_RUN_NUMBER: increases with each run, as in GitHub. */
let runs = 0;

async function runnerEnvironment(step: Step, files: CommandFiles): Promise<Record<string, string>> {
  const event = join(step.temp, '_event.json');
  const repository = { full_name: 'example/shop', html_url: 'https://github.com/example/shop' };
  const head = { id: step.commit, timestamp: '2026-11-02T10:00:00Z' };
  await writeFile(event, JSON.stringify({ after: step.commit, head_commit: head, repository }));
  return {
    PATH: process.env.PATH ?? '',
    HOME: homedir(),
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__self',
    GITHUB_ACTOR: 'octocat',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_EVENT_NAME: 'push',
    GITHUB_EVENT_PATH: event,
    GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql',
    GITHUB_JOB: 'deploy',
    GITHUB_REF: 'refs/heads/master',
    GITHUB_REF_NAME: 'master',
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REPOSITORY: repository.full_name,
    GITHUB_REPOSITORY_OWNER: 'example',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '1',
    GITHUB_RUN_NUMBER: String(++runs),
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: step.commit,
    GITHUB_WORKFLOW: 'web',
    GITHUB_WORKFLOW_REF: `${repository.full_name}/.github/workflows/web.yml@refs/heads/master`,
    GITHUB_WORKSPACE: step.workspace,
    RUNNER_ARCH: arch().toUpperCase(),
    RUNNER_ENVIRONMENT: 'self-hosted',
    RUNNER_NAME: 'demo',
    RUNNER_OS: process.platform === 'darwin' ? 'macOS' : 'Linux',
    RUNNER_TEMP: step.temp,
    RUNNER_TOOL_CACHE: join(step.temp, '_tools'),
    ...files,
    ...step.environment,
  };
}
