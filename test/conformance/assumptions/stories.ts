import { alarmStory, crashStory, sickStory } from './stories/failures.ts';
import { linearStepsStory } from './stories/linear-steps.ts';
import { metricsStory } from './stories/metrics.ts';
import { abortStory, answerStory, stopStory } from './stories/rollbacks.ts';
import { bakeStory, firstStory, refusalsStory, stagesStory } from './stories/strategies.ts';
import { workerStory } from './stories/worker.ts';
import type { Story } from './story.ts';

/** In the order in which they run. No deployment is in progress when one starts. */
export const STORIES: readonly Story[] = [
  metricsStory,
  refusalsStory,
  linearStepsStory,
  stagesStory,
  bakeStory,
  stopStory,
  answerStory,
  sickStory,
  crashStory,
  alarmStory,
  abortStory,
  firstStory,
  workerStory,
];
