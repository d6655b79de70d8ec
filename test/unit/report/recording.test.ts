import { expect, test } from '@jest/globals';
import { judge } from '../../../src/judge/judge.ts';
import { readRecording } from '../../../src/judge/read-recording.ts';
import { recordingOf } from '../../../src/report/recording.ts';
import { looked } from './trails/evaluated.ts';

test('a rollout’s recording, read back from its file, gives the verdict that the rollout acted on', () => {
  const event = looked();
  const recording = readRecording(JSON.parse(JSON.stringify(recordingOf([event]))));
  const { verdict, because } = judge(recording);
  expect({ verdict, because }).toEqual({ verdict: event.verdict, because: event.because });
});

test('a run without an evaluation has no recording', () => {
  expect(recordingOf([])).toBeNull();
});
