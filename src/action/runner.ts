import * as core from '@actions/core';
import { createAwsTime, type AwsTime } from '../aws/aws-time.ts';
import type { Clients } from '../aws/clients.ts';
import { connect } from '../aws/credentials/connect.ts';
import type { Access } from '../core/access.ts';
import { sessionEndOf } from '../aws/credentials/session-end.ts';
import type { JobContext } from '../commands/run/deploy-one.ts';
// Not by the room's door: that brings AWS's code along, which a mistake in an input should not wait for.
import { identify } from '../core/run.ts';
import { systemClock } from '../core/time/clock.ts';
import { mask, runnerLog } from './runner-log.ts';
import { VERSION } from '../commands/run/version.ts';

/** What the work of an action may touch. */
export interface ActionContext extends JobContext {
  readonly env: NodeJS.ProcessEnv;
  /** AWS as somebody else than the inputs of the action say. */
  readonly connectAs: (access: Access) => Clients;
  /** Tells beside the log, as an annotation. */
  readonly notice: (message: string) => void;
  /** Ends this process: the post step does the rest. */
  readonly leave: () => void;
}

interface Told {
  readonly env: NodeJS.ProcessEnv;
  readonly access: Access;
  /** Left out in a post step, which nobody cancels. */
  readonly cancelled?: AbortSignal;
  /** What the trail is stamped by; AWS's as well where it is left out. */
  readonly time?: AwsTime;
  /** What main was called, for its post step. */
  readonly run?: string;
}

/** AWS as the inputs say, Docker as the environment names it, and the runner's log. */
export function actionContext({
  env,
  access,
  cancelled,
  run,
  time = createRunnerTime(),
}: Told): ActionContext {
  const { clock, heard } = time;
  const connectAs = (as: Access) => connect(as, { env, mask, version: VERSION, clock, heard });
  return {
    env,
    connect: () => connectAs(access),
    connectAs,
    notice: (message) => core.notice(message, { title: 'ecs-ramp' }),
    sessionEnd: sessionEndOf(access, env),
    docker: async () => (await import('../image/engine.ts')).connectDocker(env),
    clock,
    stopwatch: systemClock,
    run: identify(env, run),
    log: runnerLog,
    mask,
    cancelled: cancelled ?? new AbortController().signal,
    leave: () => process.exit(),
  };
}

/** The runner's clock, until AWS's answers put it right. */
export function createRunnerTime(): AwsTime {
  return createAwsTime(systemClock, (message) => runnerLog.say(message));
}
