import { expect, test } from '@jest/globals';
import { InvalidRecording, readRecording } from '../../../src/judge/read-recording.ts';

const recording = {
  period: 60,
  steps: [{ at: 0, percent: 10 }],
  minutes: [
    {
      t: 0,
      canary: { requests: 600, errors: 1, slow: [310, 62, 7] },
      stable: { requests: 5_400, errors: 5, slow: [2_700, 540, 54] },
    },
    { t: 1, stable: { requests: 5_400 } },
  ],
  settings: {
    falseAlarmRate: 0.01,
    warmUp: 3,
    metricDelay: 0,
    latencyMargin: 1.2,
    errorTolerance: 0.01,
    maxErrorRate: 0.05,
    dispersion: 1,
  },
};

test('a documented recording is accepted unchanged, with or without optional members', () => {
  expect(readRecording(recording)).toEqual(recording);
  const { settings: _, ...bare } = recording;
  expect(readRecording(bare)).toEqual(bare);
});

test('all problems are reported together, each with its path, what was given and what is allowed', () => {
  const wrong = {
    steps: [{ at: 3, percent: 110 }, { at: 0 }],
    minutes: [
      { t: 0, canary: { requests: -1, slow: [1, 2] } },
      { t: 0, stable: null },
    ],
    settings: { falseAlarmRate: 0, warmup: 3 },
  };
  expect(() => readRecording(wrong)).toThrow(
    new InvalidRecording([
      { path: 'period', given: 'missing', allowed: 'given' },
      { path: 'steps[0].percent', given: '110', allowed: 'a percentage above 0 and at most 100' },
      { path: 'steps[1].percent', given: 'missing', allowed: 'given' },
      { path: 'steps[1].at', given: '0', allowed: 'no less than the 3 before it' },
      { path: 'minutes[0].canary.requests', given: '-1', allowed: 'a whole number, 0 or more' },
      { path: 'minutes[0].canary.slow', given: '[1,2]', allowed: 'a list of three, for p50, p90 and p99' },
      { path: 'minutes[1].stable', given: 'null', allowed: 'an object' },
      { path: 'minutes[1].t', given: '0', allowed: 'more than the 0 before it' },
      { path: 'settings.falseAlarmRate', given: '0', allowed: 'a probability above 0 and below 1' },
      {
        path: 'settings.warmup',
        given: 'an unknown name',
        allowed:
          'one of falseAlarmRate, warmUp, metricDelay, latencyMargin, errorTolerance, maxErrorRate, dispersion',
      },
    ]),
  );
});

test('the message has a line for each problem, up to a limit', () => {
  const minutes = Array.from({ length: 25 }, (_, t) => ({ t, canary: { requests: 'many' } }));
  const message = () => {
    try {
      readRecording({ ...recording, minutes });
    } catch (error) {
      return error instanceof InvalidRecording ? error.message.split('\n') : [];
    }
    return [];
  };
  expect(message()[1]).toBe('  minutes[0].canary.requests: "many", but must be a whole number, 0 or more');
  expect(message()).toHaveLength(22);
  expect(message().at(-1)).toBe('  and 5 more');
});

test.each([[null], [[]], ['a name'], [undefined]])('%j is not a recording', (json) => {
  expect(() => readRecording(json)).toThrow(/recording: .*, but must be an object/);
});
