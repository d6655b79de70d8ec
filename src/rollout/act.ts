import { failureKind } from '../aws/errors.ts';
import type { StoppedTask } from '../core/trail/event.ts';
import type { Decision, Observation } from './observation.ts';
import type { RolloutResult } from './result.ts';
import type { RolloutContext } from './context.ts';
import { errorText } from '../core/failure.ts';

/**
 * Carries out the decision with one call. `crashed` are the tasks of the new revision that failed,
 * for the diagnosis. Resolves to `null` until the rollout has ended.
 */
export async function act(
  seen: Observation,
  decision: Decision,
  rollout: RolloutContext,
  crashed: readonly StoppedTask[],
): Promise<RolloutResult | null> {
  const { progressLog, smokeTests, rollback, finish } = rollout.state;
  switch (decision.do) {
    case 'wait':
      progressLog.waitFor(decision.what, decision.until, decision.otherwise);
      return null;
    case 'smoke-test':
      await smokeTests.run();
      return null;
    case 'take-off':
      await rollout.state.sheltering.takeOff();
      return null;
    case 'put-back':
      await rollout.state.sheltering.putBack(seen.traffic.percent);
      return null;
    case 'advance':
      await advance(seen, decision, rollout);
      return null;
    case 'end-keep':
      await rollout.ports.mover.endKeep(decision.keep);
      progressLog.waitFor(`ECS to remove the old revision: ${decision.because}`, null, null);
      return null;
    case 'roll-back':
      await rollback.ask(seen.traffic, decision, seen.health);
      return null;
    case 'finish':
      return finish.finish(seen.traffic, decision, crashed);
  }
}

async function advance(
  { traffic, health }: Observation,
  { pause, because }: Extract<Decision, { do: 'advance' }>,
  { ports: { mover, clock, tell }, state }: RolloutContext,
): Promise<void> {
  if (traffic.percent === 0) state.step.isAhead();
  try {
    await mover.advance(pause);
  } catch (error) {
    if (failureKind(error) !== 'denied') throw error;
    // When AWS denies the call to continue, roll back at once: waiting for the timeout of ECS would
    // leave users at this step.
    return state.rollback.ask(traffic, { cause: 'problem', reason: errorText(error) }, health);
  }
  if (because === null) return;
  tell({ kind: 'step-passed', percent: traffic.percent, because, took: clock.now() - pause.since });
}
