import type { Recording } from '../judge/recording.ts';
import type { Event } from '../core/trail/event.ts';

/** The data of the last evaluation, for `ecs-ramp judge FILE`; `null` if there was none. */
export function recordingOf(events: readonly Event[]): Recording | null {
  const looks = events.filter((event) => event.kind === 'evaluated');
  const evaluation = looks.findLast(({ minutes }) => minutes.length > 0) ?? looks.at(-1);
  if (!evaluation) return null;
  const { period, steps = [], minutes, thresholds, settings, counted, arms, interrupted } = evaluation;
  return {
    period,
    steps,
    minutes,
    ...(thresholds && { thresholds }),
    ...(settings && { settings }),
    ...(counted && { counted }),
    ...(arms && { arms }),
    ...(interrupted && { interrupted }),
  };
}
