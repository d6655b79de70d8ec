import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { demoPage } from '../../demo/page/page.ts';
import type { Run } from '../../demo/page/run.ts';
import { type Result, SCENARIOS } from '../../demo/scenario.ts';
import type { Event } from '../../../src/core/trail/event.ts';
import { foreignText } from '../report/foreign-text.ts';
import { tainted } from '../report/tainted.ts';
import { trails } from '../report/trails/trails.ts';

function run(name: string, events: readonly Event[], change: Partial<Result> = {}): Run {
  const scenario = SCENARIOS.find((scenario) => scenario.name === name)!;
  const start = events[0]!.at;
  const result: Result = {
    scenario,
    outcome: scenario.expected.outcome,
    exitCode: scenario.expected.outcome === 'deployed' ? 0 : 1,
    highestPercent: 100,
    finalPercent: 100,
    shares: [
      { at: start, percent: 0 },
      { at: start + 60_000, percent: 10 },
    ],
    secondsExposed: null,
    seconds: 65,
    requests: 12_000,
    failed: 0,
    refused: [],
    said: true,
    ...change,
  };
  return { result, events };
}

const errors = run('errors', trails.errors(), {
  highestPercent: 10,
  finalPercent: 0,
  secondsExposed: 18.64,
  requests: 7_933,
  failed: 28,
});

/** The words of a page without its markup, and without its styles. */
function wordsOf(page: string): string {
  return page
    .replace(/<style>[^]*<\/style>/u, '')
    .replaceAll(/<[^>]*>/gu, ' ')
    .replaceAll(/\s+/gu, ' ');
}

/** What the page says about the only scenario on it. */
function facts(only: Run): string {
  return wordsOf(demoPage([only]));
}

test('says for each release what users noticed, who is blamed and how it ended', () => {
  const words = facts(errors);
  expect(words).toContain('errors ↩ rolled back a version that fails 8% of its requests');
  expect(words).toContain('Released release 3-errors, as web:42');
  expect(words).toContain('Verdict 121 of 1,493 requests to the new revision failed (8.1%)');
  expect(words).toContain('Blamed the new revision: the metrics are evidence against the new revision');
  expect(words).toContain('Fault to rollback 18.6 s, at up to 10% of the traffic');
  expect(words).toContain('Users 28 of 7,933 requests (0.35%) failed');
  expect(words).toMatch(/New revision \d+ of [\d,]+ requests \([\d.]+%\) failed while it was judged/);
  expect(words).toContain('At the end 0% of the traffic is on the new revision, after 1m 5s');
});

test('counts all releases at its top', () => {
  const runs = [run('good', trails.good()), errors];
  expect(wordsOf(demoPage(runs))).toContain(
    '2 releases, and what users noticed 1 deployed, 1 rolled back, all as expected. 28 of 19,933 requests (0.14%) of users failed.',
  );
});

test('says what was not as expected', () => {
  const words = facts(run('good', trails.good(), { failed: 3 }));
  expect(words).toContain('1 not as expected');
  expect(words).toContain('Not as expected: 3 requests of users failed');
});

test('draws no requests where no user reached the new revision', () => {
  const words = facts(run('crash', trails.crash(), { highestPercent: 0, finalPercent: 0 }));
  expect(words).toContain('no user reached the new revision');
  expect(words).toContain('Blamed the new revision: the new tasks did not become healthy');
  expect(words).not.toMatch(/Requests in each period|0 of 0 requests/);
});

describe('blames', () => {
  const good = trails.good();
  const evaluated = good.findLast((event) => event.kind === 'evaluated')!;

  test.each<[string, readonly Event[]]>([
    ['nobody', good],
    [
      'not the release: 1 task of the new revision was taken by a Spot interruption',
      [
        ...good,
        {
          ...evaluated,
          interrupted: [
            { from: 1, to: 2, because: '1 task of the new revision was taken by a Spot interruption' },
          ],
        },
      ],
    ],
    [
      'not the release: the cluster had no room for its tasks',
      [
        ...good,
        {
          kind: 'waiting',
          what: 'room for the new tasks (0 of 2)',
          since: 1,
          until: null,
          otherwise: null,
          at: good.at(-1)!.at,
        },
      ],
    ],
    ['the cluster: ECS found no room for the new tasks', trails.noRoom()],
    ['a person: the run was cancelled', trails.cancelled()],
  ])('%s', (words, events) => {
    expect(facts(run('good', events))).toContain(`Blamed ${words} Fault`);
  });
});

test('gives the chart a name, and its numbers as a table', () => {
  const page = demoPage([errors]);
  expect(page).toContain(
    'role="img" aria-label="The new revision’s share of the traffic over time: 0%, 10%.',
  );
  expect(page.match(/<th scope="row">/gu)).toHaveLength(5);
});

test('needs no network and runs no script', () => {
  const page = demoPage([errors]);
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\((?!#)|https?:/u);
  const targets = [...page.matchAll(/href="([^"]*)"/gu)].map(([, target]) => target);
  expect(targets).toEqual(['errors/report.html', 'errors/log.txt', 'errors/events.jsonl']);
});

test('escapes whatever a release, a container or a run says', () => {
  const plain = elementsOf(hostile('x'));
  fc.assert(
    fc.property(foreignText, (text) => {
      const page = hostile(`<script>alert(1)</script>" onload="${text}`);
      expect(elementsOf(page)).toEqual(plain);
      expect(page).not.toMatch(/<script|" onload="|\u202E/u);
      expect(page).not.toContain('\u001B');
    }),
  );
});

/** A page on which this text stands everywhere that foreign text can occur. */
function hostile(text: string): string {
  const scenario = { ...SCENARIOS[0]!, story: text, release: text };
  return demoPage([run('good', tainted(text), { scenario, outcome: text, refused: [text] })]);
}

function elementsOf(page: string): readonly string[] {
  return [...page.matchAll(/<(\/?[a-z!]\w*)/giu)].map(([, name]) => name!);
}
