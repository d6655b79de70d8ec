import { finishRollout } from '../../src/commands/run/finish-rollout.ts';
import { deploy } from '../../src/commands/deploy/deploy.ts';
import type { Request } from '../../src/core/request.ts';
import { identify, type Run } from '../../src/core/run.ts';
import type { Event, NewEvent } from '../../src/core/trail/event.ts';
import type { Runner } from './runner.ts';
import { problemsOf } from '../../src/core/failure.ts';

/** One run of the action, without GitHub: what it tells, and its end. */
export interface Job {
  readonly runner: Runner;
  readonly events: readonly Event[];
  readonly cancel: (signal: string) => void;
  /** Never settles for one that was killed. */
  readonly ended: Promise<void>;
}

export interface JobOptions {
  readonly request: Request;
  readonly runner: Runner;
  readonly run: Run;
  readonly hear: (event: Event) => void;
}

/** The main step. */
export function startJob({ request, runner, run, hear }: JobOptions): Job {
  const events: Event[] = [];
  const cancelled = new AbortController();
  const tell = (newEvent: NewEvent) => {
    if (runner.killed) return;
    const event = { ...newEvent, at: runner.clock.now() };
    events.push(event);
    hear(event);
  };
  tell(begunOf(request));
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

/** The post step of a job whose main step was killed: it finds the trail and nothing else. */
export function startPostStep({ request, runner, run, hear }: JobOptions, before: readonly Event[]): Job {
  const events = [...before];
  const tell = (newEvent: NewEvent) => {
    const event = { ...newEvent, at: runner.clock.now() };
    events.push(event);
    hear(event);
  };
  const { clients, clock } = runner;
  const ended = finishRollout({ events, tell }, request, { clients, clock, run });
  return { runner, events, ended, cancel() {} };
}

/** A run of the workflow; a later attempt of the same one is another process of it. */
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

function begunOf({ service, cluster, dryRun }: Request): NewEvent {
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
