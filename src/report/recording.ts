import type { Recording } from '../judge/recording.ts';
import type { Event } from '../core/trail/event.ts';

/** What the judge was last told, complete enough to be judged again (`ecs-ramp judge FILE`); null: it never looked. */
export function recordingOf(events: readonly Event[]): Recording | null {
  const looks = events.filter((event) => event.kind === 'evaluated');
  const evaluation = looks.findLast(({ minutes }) => minutes.length > 0) ?? looks.at(-1);
  if (!evaluation) return null;
  const { period, steps = [], minutes, thresholds, settings } = evaluation;
  return { period, steps, minutes, ...(thresholds && { thresholds }), ...(settings && { settings }) };
}
