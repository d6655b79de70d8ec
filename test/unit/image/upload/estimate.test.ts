import { expect, test } from '@jest/globals';
import { isUploadFaster } from '../../../../src/image/upload/estimate.ts';

const MB = 1_000_000;

test.each([
  ['a small image', { all: 40, fresh: 40, uploadedBefore: 0 }, false],
  ['200 MB built from nothing', { all: 200, fresh: 200, uploadedBefore: 0 }, true],
  ['a small application on a large base', { all: 1000, fresh: 60, uploadedBefore: 0 }, false],
  ['a large application on a small base', { all: 280, fresh: 200, uploadedBefore: 0 }, true],
  ['a quarter that changed after an upload', { all: 200, fresh: 50, uploadedBefore: 150 }, true],
  ['a quarter that changed after a push by the engine', { all: 200, fresh: 50, uploadedBefore: 0 }, false],
])('whether ecs-ramp uploads %s (%j MB): %s', (_, { all, fresh, uploadedBefore }, faster) => {
  const sizes = { all: all * MB, fresh: fresh * MB, uploadedBefore: uploadedBefore * MB };
  expect(isUploadFaster(sizes)).toBe(faster);
});
