/* oxlint-disable typescript/no-unsafe-type-assertion -- inputs of the sandbox's operations, of the shapes in the SDK's types */
import { MINUTE, SECOND } from '../../src/core/time/clock.ts';
import type { Call } from '../support/direct-clients.ts';
import { Chance } from './chance.ts';
import { trialOf, type Trial, type FaultPlan } from './trial.ts';

/** The trial of a seed, with a rival in the place of whoever else meddles. */
export function secondRunTrialOf(seed: number): Trial {
  const chance = new Chance(seed ^ 0x2172);
  const from = chance.magnitude(10 * SECOND, 20 * MINUTE);
  return {
    ...trialOf(seed),
    interference: null,
    secondRun: {
      after: chance.happens(0.3) ? 0 : chance.magnitude(100, 5 * MINUTE),
      release: chance.oneOf('the same', 'another'),
      cutOff: chance.happens(0.4) ? { from, to: from + chance.magnitude(MINUTE, 15 * MINUTE) } : null,
    },
  };
}

/** Reads that lag by more than this break what the lease rests on (`READ_LAG`, src/aws/lease/times.ts): tolerated, and nothing else is. */
const LAG_ASSUMED = 10 * SECOND;

export const isTooStale = ({ stale, staleness }: FaultPlan): boolean => stale > 0 && staleness > LAG_ASSUMED;

/**
 * Watches whose turn it is. Who acts after another one has never acts again: two runs for one service never act at once. Null: all
 * is well; else what broke it.
 */
export class Turns {
  readonly #actors: string[] = [];

  acted(who: string, { operation, input }: Call): string | null {
    if (!isAct(operation, input)) return null;
    if (this.#actors.at(-1) === who) return null;
    const before = this.#actors.includes(who);
    this.#actors.push(who);
    return before ? `${operation} by ${this.#actors.join(', then ')}` : null;
  }
}

const ACTS = new Set(['UpdateService', 'ContinueServiceDeployment', 'StopServiceDeployment']);

/** What changes the service, its traffic, or what is remembered of it; the lease itself does not. */
function isAct(operation: string, input: unknown): boolean {
  const { tags = [], tagKeys = [] } = input as { tags?: { key?: string }[]; tagKeys?: string[] };
  const keys = [...tags.map(({ key }) => key), ...tagKeys];
  return ACTS.has(operation) || (/^(Un)?[Tt]agResource$/.test(operation) && keys.some(isMemory));
}

const isMemory = (key: string | undefined) => key?.startsWith('ecs-ramp:own') ?? false;
