import { alarmStory, crashStory, sickStory } from './stories/failures.ts';
import { ladderStory } from './stories/ladder.ts';
import { metricsStory } from './stories/metrics.ts';
import { abortStory, answerStory, stopStory } from './stories/rollbacks.ts';
import { bakeStory, firstStory, refusalsStory, stagesStory } from './stories/strategies.ts';
import { workerStory } from './stories/worker.ts';
import type { Story } from './story.ts';

/** In the order in which they are played: each finds the service at rest. */
export const STORIES: readonly Story[] = [
  metricsStory,
  refusalsStory,
  ladderStory,
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
