import type { RolloutRequest } from '../../core/request.ts';
import type { Started } from '../traffic/traffic-mover.ts';
import type { RolloutPorts } from '../ports.ts';
import type { Signals } from '../signals.ts';
import { Blindness } from './aws-outage.ts';
import { Ending } from './finish.ts';
import { Interruption } from './cancellation.ts';
import { Narration } from './progress-log.ts';
import { Pace } from './poll-interval.ts';
import { SmokeTests } from './smoke-tests.ts';
import { StepBegun } from './current-step.ts';
import { WayBack } from './rollback.ts';

/**
 * All that is kept between two looks, each piece with a file of its own here. It is convenience only: a run that takes over in the
 * middle begins without it, and reads the same from AWS.
 */
export interface Memory {
  readonly narration: Narration;
  readonly pace: Pace;
  readonly interruption: Interruption;
  readonly step: StepBegun;
  readonly smokeTests: SmokeTests;
  readonly wayBack: WayBack;
  readonly blindness: Blindness;
  readonly ending: Ending;
}

export function createMemory(
  plan: RolloutRequest,
  ports: RolloutPorts,
  started: Started,
  signals: Signals,
): Memory {
  const narration = new Narration(ports.clock, ports.tell);
  return {
    narration,
    pace: new Pace(started.id, plan.judging.metricPeriod),
    interruption: new Interruption(ports.cancelled, plan),
    step: new StepBegun(plan, ports, started, signals),
    smokeTests: new SmokeTests(plan, ports, narration),
    wayBack: new WayBack(ports, signals),
    blindness: new Blindness(ports, started, narration),
    ending: new Ending(ports, started),
  };
}
