import type { RolloutRequest } from '../../core/request.ts';
import type { Started } from '../traffic/traffic-mover.ts';
import type { RolloutPorts } from '../ports.ts';
import type { Signals } from '../signals.ts';
import { Attention } from './attention.ts';
import { AwsOutage } from './aws-outage.ts';
import { Finish } from './finish.ts';
import { Interruptions } from './interruptions.ts';
import { Sheltering } from './sheltering.ts';
import { Cancellation } from './cancellation.ts';
import { ProgressLog } from './progress-log.ts';
import { PollInterval } from './poll-interval.ts';
import { SmokeTests } from './smoke-tests.ts';
import { CurrentStep } from './current-step.ts';
import { Rollback } from './rollback.ts';

/**
 * Everything that is kept between two observations, one file for each part. A run that takes over
 * starts without it and reads the same from AWS.
 */
export interface RolloutState {
  readonly progressLog: ProgressLog;
  readonly attention: Attention;
  readonly pollInterval: PollInterval;
  readonly cancellation: Cancellation;
  readonly step: CurrentStep;
  readonly smokeTests: SmokeTests;
  readonly rollback: Rollback;
  readonly awsOutage: AwsOutage;
  readonly finish: Finish;
  readonly interruptions: Interruptions;
  readonly sheltering: Sheltering;
}

export function createState(
  plan: RolloutRequest,
  ports: RolloutPorts,
  started: Started,
  signals: Signals,
): RolloutState {
  const progressLog = new ProgressLog(ports.clock, ports.tell);
  return {
    progressLog,
    attention: new Attention(),
    pollInterval: new PollInterval(started.id, plan.judging),
    cancellation: new Cancellation(ports.cancelled, plan),
    step: new CurrentStep(plan, ports, started, signals),
    smokeTests: new SmokeTests(plan, ports, progressLog),
    rollback: new Rollback(ports, signals),
    awsOutage: new AwsOutage(ports, started, progressLog),
    finish: new Finish(ports, started),
    interruptions: new Interruptions(ports),
    sheltering: new Sheltering(ports, started),
  };
}
