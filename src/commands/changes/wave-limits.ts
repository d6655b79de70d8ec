import { settingsOf } from '../../inputs/config/settings-of.ts';
import type { Config } from '../../inputs/config/model.ts';
import { rolloutIn } from '../../inputs/assemble.ts';
import { planTime } from '../../rollout/strategies/strategies.ts';
import type { Milliseconds } from '../../core/time/clock.ts';

/**
 * The longest possible rollout of the service by its settings. Uses defaults for invalid settings,
 * which the run refuses later. Pure.
 */
export function longestRollout(config: Config, service: string, environment: string | null): Milliseconds {
  return planTime(rolloutIn(settingsOf(config, service, environment))).longest;
}
