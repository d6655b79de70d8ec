import type { Gate, RolloutRequest } from '../request.ts';
import type { Milliseconds } from '../time/clock.ts';

/** `closed`: not passed yet. A problem, in words, ends the rollout. */
export type GateState = 'closed' | 'open' | { readonly problem: string };

/**
 * The gates of a step, in the plan's order. All of them must pass before the rollout leaves the
 * step.
 */
export function gatesAt({ gates }: Pick<RolloutRequest, 'gates'>, percent: number): readonly Gate[] {
  return gates.filter((gate) => Math.abs(gate.percent - percent) < 0.05);
}

/**
 * The longest time at a step. The wait for evidence and the gates' deadlines run at the same time.
 */
export function longestAt(
  plan: Pick<RolloutRequest, 'gates' | 'stepTimeout'>,
  percent: number,
): Milliseconds {
  return Math.max(plan.stepTimeout, ...gatesAt(plan, percent).map(({ within }) => within));
}

/** The longest time at any step. ECS has one timeout for all of its pauses. */
export function longestStep({
  gates,
  stepTimeout,
}: Pick<RolloutRequest, 'gates' | 'stepTimeout'>): Milliseconds {
  return Math.max(stepTimeout, ...gates.map(({ within }) => within));
}

/**
 * What a gate waits for, in words. Shows only the origin of a URL and no arguments of a command,
 * because the rest may be secret.
 */
export function gateInWords(gate: Gate): string {
  switch (gate.kind) {
    case 'approval':
      return 'an approval';
    case 'webhook':
      return `the webhook at ${gate.origin}`;
    case 'command':
      return `the command ${gate.program}`;
  }
}
