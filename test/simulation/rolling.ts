// Random trials with the strategy `rolling`: ECS updates the service in batches, in one target
// group.
import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { HOUR } from '../../src/core/time/clock.ts';
import { Chance } from './chance.ts';
import { trialOf, type Interference, type Trial } from './trial.ts';

const PERCENTAGES: readonly Pick<DeploymentConfiguration, 'minimumHealthyPercent' | 'maximumPercent'>[] = [
  { minimumHealthyPercent: 50, maximumPercent: 100 },
  { minimumHealthyPercent: 100, maximumPercent: 200 },
  { minimumHealthyPercent: 100, maximumPercent: 150 },
  { minimumHealthyPercent: 0, maximumPercent: 100 },
];

/** There are no weights to change and no pauses to answer. */
const INTERFERENCE: ReadonlySet<Interference['kind']> = new Set(['deploys', 'scales', 'stops it', 'alarm']);

export function rollingTrialOf(seed: number): Trial {
  const chance = new Chance(seed ^ 0x7011);
  const trial = trialOf(seed);
  const { noPlace } = trial.aws;
  return {
    ...trial,
    rollout: { ...trial.rollout, strategy: 'rolling', gates: [] },
    approvedAfter: null,
    aws: { ...trial.aws, noPlace: noPlace && { ...noPlace, to: Math.min(noPlace.to, noPlace.from + HOUR) } },
    service: {
      desiredCount: chance.whole(2, 4),
      deploymentConfiguration: {
        strategy: 'ROLLING',
        ...chance.oneOf(...PERCENTAGES),
        // Without it, ECS would retry a failing deployment forever.
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
    },
    interference: trial.interference && INTERFERENCE.has(trial.interference.kind) ? trial.interference : null,
  };
}
