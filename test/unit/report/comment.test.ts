import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { renderComment } from '../../../src/report/comment.ts';
import { foreignText } from './foreign-text.ts';
import { trails } from './trails/trails.ts';

test('a comment is updated only if its text changes', () => {
  const events = trails.good();
  const begun = events.findIndex(({ kind }) => kind === 'rollout-started') + 1;
  const underWay = events
    .slice(begun, -1)
    .map((_, index) => renderComment(events.slice(0, begun + index + 1)));
  expect(new Set(underWay).size).toBe(1);
  expect(underWay[0]).toContain('⏳ web is being rolled out');
});

test('foreign text creates no mentions, references or blocks', () => {
  fc.assert(
    fc.property(foreignText, (text) => {
      const events = trails
        .errors()
        .map((event) => ('reason' in event ? { ...event, reason: `@octocat #1234567 ${text}` } : event));
      const comment = renderComment(events);
      expect(comment).not.toMatch(/(?<!\w)@octocat/);
      expect(comment).not.toMatch(/#1234567/);
      expect(comment).not.toContain('<!--');
      expect(comment).toContain('The workflow run has all details');
    }),
    { numRuns: 50 },
  );
});

test('its length never exceeds the limit of GitHub', () => {
  const task = { taskArn: 'x', stoppedAt: null, stopCode: null, reason: '<'.repeat(300), containers: [] };
  const stoppedTasks = Array.from({ length: 500 }, () => task);
  const events = trails
    .crash()
    .map((event) => (event.kind === 'diagnosed' ? { ...event, stoppedTasks } : event));
  expect(renderComment(events).length).toBeLessThan(65_000);
});
