import type { RolloutRequest } from '../../core/request.ts';
import { gateInWords, gatesAt } from '../../core/plan/gates.ts';
import { decideWait, type Decision, type Observation } from '../observation.ts';

/** On to the next step, if every gate of this one is open: whatever else speaks for it, a closed one holds it up. */
export function passStep({ traffic, gates }: Observation, plan: RolloutRequest, because: string): Decision {
  const { percent } = traffic;
  const pause = traffic.pause!;
  const here = gatesAt(plan, percent);
  const closed = here.find((_, index) => gates[index] !== 'open');
  if (closed === undefined) return { do: 'advance', pause, because };
  return decideWait(
    `the gate at ${percent}%: ${gateInWords(closed)}`,
    pause.since + closed.within,
    'it is rolled back',
  );
}
