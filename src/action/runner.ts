import * as core from '@actions/core';
import { createAwsTime, type AwsTime } from '../aws/aws-time.ts';
import type { Clients } from '../aws/clients.ts';
import { connect } from '../aws/credentials/connect.ts';
import type { Access } from '../core/access.ts';
import { sessionEndOf } from '../aws/credentials/session-end.ts';
import type { JobContext } from '../commands/run/deploy-one.ts';
import { identify } from '../core/run.ts';
import { systemClock } from '../core/time/clock.ts';
import { createMasks } from '../core/secrecy/masks.ts';
import { maskInRunner, runnerLog } from './runner-log.ts';
import { VERSION } from '../commands/run/version.ts';

/** The resources that an action may use. */
export interface ActionContext extends JobContext {
  readonly env: NodeJS.ProcessEnv;
  /** Connects to AWS with other access than the inputs of the action. */
  readonly connectAs: (access: Access) => Clients;
  /** Removes secrets from text. */
  readonly masked: (text: string) => string;
  /** Adds an annotation. */
  readonly notice: (message: string) => void;
  /** Ends this process. The post step finishes the work. */
  readonly leave: () => void;
}

interface Told {
  readonly env: NodeJS.ProcessEnv;
  readonly access: Access;
  /** Absent in a post step, which cannot be cancelled. */
  readonly cancelled?: AbortSignal;
  /** Source of the time stamps in the trail. */
  readonly time?: AwsTime;
  /** Run ID of the main step, for its post step. */
  readonly run?: string;
}

/** AWS with the access of the inputs, Docker from the environment, and the log of the runner. */
export function actionContext({
  env,
  access,
  cancelled,
  run,
  time = createRunnerTime(),
}: Told): ActionContext {
  const { clock, heard } = time;
  const masks = createMasks();
  const mask = (secret: string) => {
    masks.mask(secret);
    maskInRunner(secret);
  };
  const connectAs = (as: Access) => connect(as, { env, mask, version: VERSION, clock, heard });
  return {
    env,
    connect: () => connectAs(access),
    connectAs,
    notice: (message) => core.notice(masks.masked(message), { title: 'ecs-ramp' }),
    sessionEnd: sessionEndOf(access, env),
    docker: async () => (await import('../image/engine.ts')).connectDocker(env),
    clock,
    stopwatch: systemClock,
    run: identify(env, run),
    log: runnerLog,
    mask,
    masked: masks.masked,
    cancelled: cancelled ?? new AbortController().signal,
    leave: () => process.exit(),
  };
}

/** The clock of the runner, corrected with the times in responses of AWS. */
export function createRunnerTime(): AwsTime {
  return createAwsTime(systemClock, (message) => runnerLog.say(message));
}
