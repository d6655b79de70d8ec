import { expect, test } from '@jest/globals';
import { logLines } from '../../../src/report/log.ts';
import { renderSummary } from '../../../src/report/summary.ts';
import { progressOf } from '../../../src/report/progress.ts';
import { MINUTE } from '../../../src/core/time/clock.ts';
import type { Event, NewEvent } from '../../../src/core/trail/event.ts';

const START = Date.UTC(2026, 10, 21, 14);
const at = (minute: number, event: NewEvent): Event => ({ ...event, at: START + minute * MINUTE });

const WAITING = {
  kind: 'gate-waiting',
  percent: 30,
  gate: 'an approval',
  until: START + 120 * MINUTE,
  command: 'ecs-ramp continue --service web --cluster shop',
} as const;
const APPROVED = {
  kind: 'gate-passed',
  percent: 30,
  gate: 'an approval',
  because: 'approved by octocat',
  took: 12 * MINUTE,
} as const;
const STEP = { kind: 'step-started', percent: 30, deadline: START + 121 * MINUTE } as const;

test('the log shows what a gate waits for, until when, how to open it, and who opened it', () => {
  expect([...logLines(at(0, WAITING)), ...logLines(at(12, APPROVED))]).toEqual([
    '14:00:00  gate at 30%: waiting for an approval until 16:00:00, then the rollout is rolled back',
    '          ecs-ramp continue --service web --cluster shop',
    '14:12:00  gate at 30% passed after 12m: an approval, approved by octocat',
  ]);
});

test('the summary has a row for each gate, after its step', () => {
  const summary = renderSummary([at(0, STEP), at(0, WAITING), at(12, APPROVED)]);
  expect(summary).toMatch(/Gate&nbsp;at&nbsp;30%.*14:00:00.*12m.*✅ an approval: approved by octocat/);
  expect(summary.indexOf('**30%**')).toBeLessThan(summary.indexOf('Gate&nbsp;at'));
});

test('the summary shows that a gate did not pass, and that it was the reason', () => {
  const back = { kind: 'rollback-requested', percent: 30, cause: 'gate', reason: 'nobody' } as const;
  const summary = renderSummary([at(0, STEP), at(0, WAITING), at(120, back)]);
  expect(summary).toContain('↩️ an approval: not passed');
  expect(summary).toContain('↩️ a gate did not pass');
});

test('the text of a gate is foreign text: no Markdown', () => {
  const because = 'the webhook answered 409: <img src=x>';
  const events = [at(0, STEP), at(0, WAITING), at(1, { ...APPROVED, because })];
  const [story] = renderSummary(events).split('<details>');
  expect(story).toContain('&#60;img');
  expect(story).not.toContain('<img');
});

test('the short progress shows what a release waits for', () => {
  const begun = {
    kind: 'rollout-started',
    serviceDeploymentArn: 'arn',
    adopted: false,
    steps: [30, 100],
    hookTimeout: 1,
    canaryTargetGroup: null,
    stableTargetGroup: null,
  } as const;
  const waiting = [at(0, begun), at(0, STEP), at(0, WAITING)];
  expect(progressOf(waiting).inWords).toBe('30%: waiting for an approval');
  expect(progressOf([...waiting, at(12, APPROVED)]).inWords).toBe('30%: waiting for evidence');
  const aborted = {
    kind: 'rollback-requested',
    percent: 30,
    cause: 'request',
    reason: 'aborted by octocat: slow',
  } as const;
  expect(progressOf([...waiting, at(12, aborted)]).inWords).toContain('aborted by octocat: slow');
});
