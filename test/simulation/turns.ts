// Trials with two runs for one service, and the check that the two never act at once.
/* oxlint-disable typescript/no-unsafe-type-assertion -- inputs of the sandbox's operations, of the shapes in the SDK's types */
import { MINUTE, SECOND } from '../../src/core/time/clock.ts';
import type { Call } from '../support/direct-clients.ts';
import { Chance } from './chance.ts';
import { trialOf, type Trial, type FaultPlan } from './trial.ts';

/** The random trial of a seed with a second run, and without other interference. */
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

/**
 * The lease assumes that reads are at most this old (`READ_LAG`, src/aws/lease/times.ts). With
 * older reads, two runs may act at once.
 */
const LAG_ASSUMED = 10 * SECOND;

export const isTooStale = ({ stale, staleness }: FaultPlan): boolean => stale > 0 && staleness > LAG_ASSUMED;

/**
 * After another run has acted, a run may not act again. `acted` returns `null`, or a description of
 * the violation.
 */
export class ConcurrentRunDetector {
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

/** Whether a call changes the service, its traffic or its saved configuration (not the lease). */
function isAct(operation: string, input: unknown): boolean {
  const { tags = [], tagKeys = [] } = input as { tags?: { key?: string }[]; tagKeys?: string[] };
  const keys = [...tags.map(({ key }) => key), ...tagKeys];
  return ACTS.has(operation) || (/^(Un)?[Tt]agResource$/.test(operation) && keys.some(isSavedConfiguration));
}

const isSavedConfiguration = (key: string | undefined) => key?.startsWith('ecs-ramp:own') ?? false;
