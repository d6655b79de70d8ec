import type { RolloutRequest } from '../core/request.ts';
import type { Started } from './traffic/traffic-mover.ts';
import { createState, type RolloutState } from './state/state.ts';
import type { RolloutPorts } from './ports.ts';
import { Signals } from './signals.ts';

/**
 * A rollout in progress: its plan, its ports, its signals and the state between two observations.
 */
export interface RolloutContext {
  readonly plan: RolloutRequest;
  readonly ports: RolloutPorts;
  readonly started: Started;
  readonly signals: Signals;
  readonly state: RolloutState;
}

export function createContext(plan: RolloutRequest, ports: RolloutPorts, started: Started): RolloutContext {
  const signals = new Signals(ports, started);
  return { plan, ports, started, signals, state: createState(plan, ports, started, signals) };
}
