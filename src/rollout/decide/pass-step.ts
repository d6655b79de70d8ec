import type { RolloutRequest } from '../../core/request.ts';
import { gateInWords, gatesAt } from '../../core/plan/gates.ts';
import { decideWait, type Decision, type Observation } from '../observation.ts';

/**
 * Continues to the next step if every gate of this step is open. A closed gate holds the step,
 * whatever the other evidence is.
 */
export function passStep({ traffic, gates }: Observation, plan: RolloutRequest, because: string): Decision {
  const { percent } = traffic;
  const pause = traffic.pause!;
  const here = gatesAt(plan, percent);
  const closed = here.find((_, index) => gates[index] !== 'open');
  if (closed === undefined) return { do: 'advance', pause, because };
  return decideWait(
    `the gate at ${percent}%: ${gateInWords(closed)}`,
    pause.since + closed.within,
    'the rollout is rolled back',
  );
}
