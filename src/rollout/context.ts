import type { RolloutRequest } from '../core/request.ts';
import type { Started } from './traffic/traffic-mover.ts';
import { createMemory, type Memory } from './state/state.ts';
import type { RolloutPorts } from './ports.ts';
import { Signals } from './signals.ts';

/** A rollout that is under way: what it goes by, what it hears, and what it keeps between two looks. */
export interface UnderWay {
  readonly plan: RolloutRequest;
  readonly ports: RolloutPorts;
  readonly started: Started;
  readonly signals: Signals;
  readonly memory: Memory;
}

export function underWay(plan: RolloutRequest, ports: RolloutPorts, started: Started): UnderWay {
  const signals = new Signals(ports, started);
  return { plan, ports, started, signals, memory: createMemory(plan, ports, started, signals) };
}
