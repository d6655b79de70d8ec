import type { RolloutRequest } from '../core/request.ts';
import { sleep } from '../core/time/clock.ts';
import { StartUnseen, type Started, type Traffic, type TrafficMover } from './traffic/traffic-mover.ts';
import { act } from './act.ts';
import { decide } from './decide/decide.ts';
import type { Decision, Observation } from './observation.ts';
import { giveUp } from './give-up.ts';
import { neverSilent } from '../core/trail/never-silent.ts';
import type { RolloutPorts } from './ports.ts';
import type { Pace } from './state/poll-interval.ts';
import type { RolloutResult } from './result.ts';
import { createContext, type RolloutContext } from './context.ts';
import { Observer } from './observer.ts';

/** Rolls a release out to 100%, or rolls it back. */
export async function rollOut(plan: RolloutRequest, ports: RolloutPorts): Promise<RolloutResult> {
  const { tell, end } = neverSilent(ports.clock, ports.tell);
  try {
    return await climb(plan, { ...ports, tell });
  } finally {
    end();
  }
}

async function climb(request: RolloutRequest, ports: RolloutPorts): Promise<RolloutResult> {
  const started = await start(ports.mover);
  if ('outcome' in started) return started;
  const plan = ports.strategy.plan(request);
  ports.tell({
    kind: 'rollout-started',
    serviceDeploymentArn: started.id,
    adopted: started.adopted,
    ...(ports.undoing && { undone: true }),
    steps: plan.steps,
    hookTimeout: started.patience,
    canaryTargetGroup: started.canary.group?.targetGroupArn ?? null,
    stableTargetGroup: started.stable.group?.targetGroupArn ?? null,
  });
  const rollout = createContext(plan, ports, started);
  try {
    return await follow(rollout, new Observer(rollout));
  } finally {
    rollout.signals.endGates();
  }
}

async function start(mover: TrafficMover): Promise<Started | RolloutResult> {
  try {
    return await mover.start();
  } catch (error) {
    if (!(error instanceof StartUnseen)) throw error;
    return { outcome: 'dirty', reason: error.message, canaryPercent: null, oldRevisionUntil: null };
  }
}

const LEADS_ON: ReadonlySet<Decision['do']> = new Set([
  'smoke-test',
  'advance',
  'put-back',
  'end-keep',
  'finish',
]);

/**
 * Whether a decision requires current values, not values that are some seconds old. A rollback never
 * waits for another read. Where ECS only passes through, the last step of the plan was just left.
 */
function leadsOn(decision: Decision): boolean {
  return LEADS_ON.has(decision.do) && !(decision.do === 'advance' && decision.because === null);
}

/** Observes, decides and makes at most one idempotent call, until the rollout has ended. */
async function follow(rollout: RolloutContext, watch: Observer): Promise<RolloutResult> {
  const { plan, ports } = rollout;
  const { attention, awsOutage, cancellation, pollInterval } = rollout.state;
  for (;;) {
    let seen: Observation | null = null;
    let decision: Decision | null = null;
    try {
      seen = await watch.look();
      awsOutage.sees();
      decision = decide(seen, plan, ports.strategy);
      if (leadsOn(decision) && !watch.wasClose) {
        seen = await watch.look(true);
        decision = decide(seen, plan, ports.strategy);
      }
      attention.note(seen, decision);
      const result = await act(seen, decision, rollout, watch.crashed);
      if (result !== null) return result;
    } catch (error) {
      attention.wake();
      awsOutage.tell(error, watch.last);
      // When the first observation succeeded, only the close one or the call failed, and ECS waits
      // at its pause meanwhile.
      if (seen === null) {
        if (awsOutage.isHopeless(error)) return await giveUp(rollout, watch.last, error);
        await actUnseen(rollout, watch);
      }
    }
    const { delay, isShortened } = pollInterval.next({
      now: ports.clock.now(),
      pace: paceOf(rollout, watch.last, seen, decision),
      until: decision?.do === 'wait' ? decision.until : null,
    });
    attention.comesEarly(isShortened);
    await sleep(ports.clock, delay, cancellation.wakeUp);
  }
}

function paceOf(
  rollout: RolloutContext,
  last: Traffic | null,
  seen: Observation | null,
  decision: Decision | null,
): Pace {
  if (isMoving(seen, decision?.do ?? null) || isReturning(rollout, last)) return 'moving';
  return rollout.state.attention.isQuiet ? 'quiet' : 'steady';
}

/** Whether ECS is expected to continue within seconds. */
function isMoving(seen: Observation | null, next: Decision['do'] | null): boolean {
  return seen?.traffic.phase === 'moving' || next === 'advance' || next === 'smoke-test';
}

/** Whether a rollback that somebody else requested is in progress. */
function isReturning({ ports }: RolloutContext, last: Traffic | null): boolean {
  return ports.undoing !== undefined && last?.verifiedPercent !== 0;
}

/**
 * Acts when ECS does not return the deployment. A rollback is requested from the last observed
 * state, which is harmless in any current state. Never rejects: the next observation tries again.
 */
async function actUnseen({ plan, ports, state }: RolloutContext, watch: Observer): Promise<void> {
  try {
    const guess = await watch.guess();
    if (guess === null) return;
    const decision = decide(guess.observation, plan, ports.strategy);
    if (decision.do === 'roll-back') await state.rollback.ask(guess.before, decision);
  } catch {
    // It was already reported that AWS does not answer.
  }
}
