import type { RolloutRequest } from '../core/request.ts';
import { MINUTE, SECOND, sleep } from '../core/time/clock.ts';
import type { Verdict } from '../judge/verdict.ts';
import { createContext } from './context.ts';
import { rollbackReason } from './decide/rollback-reasons.ts';
import type { Decision } from './observation.ts';
import { Observer } from './observer.ts';
import type { RolloutPorts } from './ports.ts';

/** What can be said of a release that keeps its old revision. */
export interface Watched {
  /** Why it must be rolled back; `null` when nothing speaks against it. */
  readonly against: Extract<Decision, { do: 'roll-back' }> | null;
  readonly verdict: Verdict | null;
  /** Whether it still keeps its old revision. */
  readonly isKept: boolean;
}

/** Targets that are only unhealthy for a moment decide nothing. */
const SUSPICION = MINUTE + 15 * SECOND;
const AGAIN = 10 * SECOND;

/**
 * Judges a release once, as its job would, and changes nothing. Rejects with UserError when AWS
 * refuses.
 */
export async function watchOnce(request: RolloutRequest, ports: RolloutPorts): Promise<Watched> {
  const plan = ports.strategy.plan(request);
  const started = await ports.mover.start();
  const rollout = createContext(plan, ports, started);
  const observer = new Observer(rollout);
  const until = ports.clock.now() + SUSPICION;
  try {
    for (;;) {
      const seen = await observer.look(true);
      const isKept = seen.traffic.phase === 'keeping-old';
      const decision = isKept ? rollbackReason(seen, plan) : null;
      const against = decision?.do === 'roll-back' ? decision : null;
      const isSuspect = isKept && seen.health.canary.unhealthyTargets > 0;
      if (against || !isSuspect || ports.clock.now() >= until) {
        return { against, verdict: seen.verdict, isKept };
      }
      await sleep(ports.clock, AGAIN);
    }
  } finally {
    rollout.signals.endGates();
  }
}
