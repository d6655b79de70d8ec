import * as core from '@actions/core';
import { appendFileSync } from 'node:fs';
import { createClients, type Clients } from '../aws/clients.ts';
import { Refused } from '../aws/refusals.ts';
import type { Definitions } from '../inputs/definition.ts';
import { type Action, type Asked, InvalidInputs, readInputs } from '../inputs/inputs.ts';
import type { Annotation } from '../report/annotations.ts';
import { escaped, type Markdown } from '../report/markdown.ts';
import { systemClock, type Clock } from '../time/clock.ts';
import { cancellation } from './cancellation.ts';
import { NO_REGION, regionOf } from './region.ts';
import { failWith, reportInvalidInputs } from './report-failure.ts';
import { mask, runnerLog } from './runner-log.ts';
import { saveState } from './state.ts';
import { VERSION } from './version.ts';

/** What an action's work may touch. */
export interface World {
  /** Throws Refused where no region is set. */
  readonly connect: () => Clients;
  readonly clock: Clock;
  readonly log: {
    /** A line. Foreign text in it cannot command the runner. */
    readonly say: (line: string) => void;
    readonly group: (title: string) => void;
    readonly endGroup: () => void;
  };
  /** Keeps a value out of the log. */
  readonly mask: (secret: string) => void;
  /** Aborted when the job is cancelled; its reason is the signal's name. */
  readonly cancelled: AbortSignal;
}

/** What became of it. */
export interface Result<Output extends string> {
  /** False ends the job red. */
  readonly green: boolean;
  readonly outputs: Readonly<Record<Output, string>>;
  /** For the job summary. */
  readonly summary: Markdown;
  /** Where the job is red, one says why. */
  readonly annotations?: readonly Annotation[];
}

/**
 * The main step of an action: from its inputs to its report. Never rejects. `work` rejects with InvalidInputs, Refused and the
 * like, all in words: each cause becomes an annotation, and every output is set.
 */
export async function perform<D extends Definitions, Output extends string>(
  action: Action<D, Output>,
  work: (asked: Asked<D>, world: World) => Promise<Result<Output>>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const cancelled = cancellation((signal) => core.info(`${signal} received: the job is cancelled`));
  try {
    const asked = await readInputs(action, { env, workspace: env['GITHUB_WORKSPACE'] ?? process.cwd() });
    if (action.post !== null) saveState({ finished: false });
    report(await work(asked, worldOf(env, cancelled)));
  } catch (error) {
    if (error instanceof InvalidInputs) reportInvalidInputs(action, error);
    else await reportCauses(action, error, cancelled);
  }
  if (action.post !== null) saveState({ finished: true });
}

function worldOf(env: NodeJS.ProcessEnv, cancelled: AbortSignal): World {
  return {
    connect() {
      const region = regionOf(env);
      if (region === undefined) throw new Refused(NO_REGION);
      return createClients({ region, version: VERSION });
    },
    clock: systemClock,
    log: runnerLog,
    mask,
    cancelled,
  };
}

function report({ green, outputs, summary, annotations = [] }: Result<string>): void {
  const say = { error: core.error, warning: core.warning, notice: core.notice };
  for (const { level, title, message } of annotations) say[level](message, { title });
  for (const [name, value] of Object.entries<string>(outputs)) core.setOutput(name, value);
  summarize(summary);
  if (!green) process.exitCode = 1;
}

/** Whatever an abort made of the work in hand, the cancellation is the cause, unless something says more. */
async function reportCauses(
  action: Pick<Action, 'title' | 'outputs'>,
  error: unknown,
  cancelled: AbortSignal,
): Promise<void> {
  const causes =
    cancelled.aborted && !(error instanceof Refused)
      ? [`The job was cancelled (${cancelled.reason}).`]
      : (await import('./causes.ts')).causesOf(error);
  for (const cause of causes) core.error(cause, { title: action.title });
  summarize(
    `## ❌ ${action.title} failed\n\n${causes.map((cause) => `- ${escaped(cause, 2_000)}`).join('\n')}\n`,
  );
  failWith(action, causes.length === 1 ? causes[0]! : `${causes.length} things are missing.`);
}

function summarize(summary: Markdown): void {
  const file = process.env['GITHUB_STEP_SUMMARY'];
  if (file) appendFileSync(file, summary);
}
