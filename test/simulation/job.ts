// Runs the main step or the post step of the action, without GitHub.
import { finishRollout } from '../../src/commands/run/finish-rollout.ts';
import { deploy } from '../../src/commands/deploy/deploy.ts';
import type { Request } from '../../src/core/request.ts';
import { identify, type Run } from '../../src/core/run.ts';
import type { Event, NewEvent } from '../../src/core/trail/event.ts';
import type { Runner } from './runner.ts';
import { problemsOf } from '../../src/core/failure.ts';

export interface Job {
  readonly runner: Runner;
  readonly events: readonly Event[];
  readonly cancel: (signal: string) => void;
  /** Never settles if the process was killed. */
  readonly ended: Promise<void>;
}

export interface JobOptions {
  readonly request: Request;
  readonly runner: Runner;
  readonly run: Run;
  readonly onEvent: (event: Event) => void;
}

/** Starts the main step. */
export function startJob({ request, runner, run, onEvent }: JobOptions): Job {
  const events: Event[] = [];
  const cancelled = new AbortController();
  const tell = (newEvent: NewEvent) => {
    if (runner.killed) return;
    const event = { ...newEvent, at: runner.clock.now() };
    events.push(event);
    onEvent(event);
  };
  tell(startedOf(request));
  const began = runner.clock.now();
  const finish = (
    result: { readonly outcome: 'failed'; readonly reason: string } | Awaited<ReturnType<typeof deploy>>,
  ) =>
    tell({
      kind: 'finished',
      canaryPercent: null,
      oldRevisionUntil: null,
      ...result,
      took: runner.clock.now() - began,
    });
  const ended = deploy(request, {
    clients: runner.clients,
    sessionEnd: 'never',
    docker: () => Promise.reject(new Error('nothing is built')),
    clock: runner.clock,
    run,
    log: { say() {}, group() {}, endGroup() {} },
    tell,
    mask() {},
    cancelled: cancelled.signal,
  }).then(finish, (error: unknown) => finish({ outcome: 'failed', reason: problemsOf(error).join(' ') }));
  return {
    runner,
    events,
    ended,
    cancel(signal) {
      if (runner.killed || cancelled.signal.aborted || events.at(-1)?.kind === 'finished') return;
      tell({ kind: 'cancel-requested', signal });
      cancelled.abort(signal);
    },
  };
}

/** Starts the post step of a job whose main step was killed. It only has the trail. */
export function startPostStep({ request, runner, run, onEvent }: JobOptions, before: readonly Event[]): Job {
  const events = [...before];
  const tell = (newEvent: NewEvent) => {
    const event = { ...newEvent, at: runner.clock.now() };
    events.push(event);
    onEvent(event);
  };
  const { clients, clock } = runner;
  const ended = finishRollout({ events, tell }, request, { clients, clock, run });
  return { runner, events, ended, cancel() {} };
}

/** A workflow run. Each attempt is a separate process. */
export function runOf(number: number, attempt = 1): Run {
  return identify(
    {
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_RUN_ID: String(number),
      GITHUB_RUN_ATTEMPT: String(attempt),
      GITHUB_JOB: 'deploy',
    },
    `run-${number}-${attempt}`,
  );
}

function startedOf({ service, cluster, dryRun }: Request): NewEvent {
  return {
    kind: 'started',
    version: 'simulated',
    service,
    cluster,
    region: 'eu-west-1',
    account: '123456789012',
    commit: null,
    repositoryUrl: null,
    runUrl: null,
    actor: null,
    dryRun,
  };
}
