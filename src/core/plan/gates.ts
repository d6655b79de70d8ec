import type { Gate, RolloutRequest } from '../request.ts';
import type { Milliseconds } from '../time/clock.ts';

/** Closed: nothing says yet that it may be passed. A problem, in words, ends the rollout. */
export type GateState = 'closed' | 'open' | { readonly problem: string };

/** The gates that a step is not left before, in the plan's order. */
export function gatesAt({ gates }: Pick<RolloutRequest, 'gates'>, percent: number): readonly Gate[] {
  return gates.filter((gate) => Math.abs(gate.percent - percent) < 0.05);
}

/** The longest time at a step: the wait for evidence and the gates' deadlines run side by side. */
export function longestAt(
  plan: Pick<RolloutRequest, 'gates' | 'stepTimeout'>,
  percent: number,
): Milliseconds {
  return Math.max(plan.stepTimeout, ...gatesAt(plan, percent).map(({ within }) => within));
}

/** The longest time at any step: ECS has one timeout for all of its pauses. */
export function longestStep({
  gates,
  stepTimeout,
}: Pick<RolloutRequest, 'gates' | 'stepTimeout'>): Milliseconds {
  return Math.max(stepTimeout, ...gates.map(({ within }) => within));
}

/** What is waited for. Of a URL only where it leads, of a command no arguments: the rest may be secret. */
export function gateInWords(gate: Gate): string {
  switch (gate.kind) {
    case 'approval':
      return 'an approval';
    case 'webhook':
      return `the webhook at ${new URL(gate.url).origin}`;
    case 'command':
      return `the command ${gate.program}`;
  }
}
