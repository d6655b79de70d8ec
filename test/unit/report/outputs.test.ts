import { expect, test } from '@jest/globals';
import { outputs } from '../../../src/report/outputs.ts';
import { ARNS, DIGEST, IMAGE } from './trails/telling.ts';
import { trails } from './trails/trails.ts';

const files = {
  eventsFile: '/out/events.jsonl',
  summaryFile: '/out/summary.md',
  recordingFile: '/out/recording.json',
};

test('a release reports what was deployed, with links', () => {
  expect(outputs(trails.good(), files)).toEqual({
    outcome: 'deployed',
    reason: expect.stringContaining('Every step passed on evidence'),
    image: IMAGE,
    'image-digest': DIGEST,
    'task-definition-arn': ARNS.after,
    'previous-task-definition-arn': ARNS.before,
    'service-deployment-arn': ARNS.deployment,
    'canary-percent': '100',
    'events-file': '/out/events.jsonl',
    'summary-file': '/out/summary.md',
    'recording-file': '/out/recording.json',
    'started-at': '2026-11-21T14:02:11.000Z',
    'finished-at': '2026-11-21T14:29:44.000Z',
    'console-url':
      'https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/shop/services/web/deployments?region=eu-west-1',
  });
});

test('every output is always present', () => {
  const names = Object.keys(outputs(trails.good(), files));
  for (const trail of Object.values(trails)) expect(Object.keys(outputs(trail(), files))).toEqual(names);
  expect(outputs([], files)).toMatchObject({
    outcome: 'failed',
    image: '',
    'console-url': '',
    'started-at': '',
  });
});

test('a complete rollback is 0 percent, not an empty output', () => {
  expect(outputs(trails.errors(), files)).toMatchObject({ outcome: 'rolled-back', 'canary-percent': '0' });
});

test('a run that was killed is dirty once traffic may have moved, and failed before', () => {
  expect(outputs(trails.killed(), files)).toMatchObject({
    outcome: 'dirty',
    'canary-percent': '',
    'finished-at': '',
  });
  expect(outputs(trails.killed().slice(0, 3), files)).toMatchObject({ outcome: 'failed' });
});

test('a given image also has its digest', () => {
  expect(outputs(trails.unchanged(), files)).toMatchObject({ image: IMAGE, 'image-digest': DIGEST });
});
