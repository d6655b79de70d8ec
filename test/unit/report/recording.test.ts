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

test.each([
  { arms: 'together' },
  { counted: 'messages' },
  { interrupted: [{ from: 0, to: 9, because: '1 task was taken by a Spot interruption' }] },
] as const)('it says what its requests are, and which do not count: %j', (special) => {
  expect(readRecording(recordingOf([{ ...looked(), ...special }]))).toMatchObject(special);
});

test('a run without an evaluation has no recording', () => {
  expect(recordingOf([])).toBeNull();
});
