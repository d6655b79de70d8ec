import { settingsOf } from '../../inputs/config/settings-of.ts';
import type { Config } from '../../inputs/config/model.ts';
import { rolloutIn } from '../../inputs/inputs.ts';
import { planTime } from '../../rollout/strategies/strategies.ts';
import type { Milliseconds } from '../../core/time/clock.ts';

/** How long a rollout of the service can take by its settings; its defaults stand for what is wrong in them, which the run refuses. Pure. */
export function longestRollout(config: Config, service: string, environment: string | null): Milliseconds {
  return planTime(rolloutIn(settingsOf(config, service, environment))).longest;
}
