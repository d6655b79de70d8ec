import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { renderSummary } from '../../../src/report/summary.ts';
import { MINUTE } from '../../../src/core/time/clock.ts';
import type { Event } from '../../../src/core/trail/event.ts';
import type { Minute } from '../../../src/judge/recording.ts';
import { foreignText } from './foreign-text.ts';
import { tainted } from './tainted.ts';
import { ARNS, WELL, begun, looked, minute, started, stepBegun, type Telling } from './trails/telling.ts';
import { trails } from './trails/trails.ts';

const MEBIBYTE = 1_048_576;
const at = Date.UTC(2026, 10, 21, 14, 5, 9);

/** The tables of a summary: rows of cells with their visible text. */
function tables(summary: string): string[][][] {
  const html = new MarkdownIt({ html: true }).render(summary);
  return [...html.matchAll(/<table>([\s\S]*?)<\/table>/gu)].map(([, table = '']) =>
    [...table.matchAll(/<tr>([\s\S]*?)<\/tr>/gu)].map(([, row = '']) =>
      [...row.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/gu)].map(([, cell = '']) => seen(cell)),
    ),
  );
}

function seen(html: string): string {
  return html
    .replaceAll(/<[^>]+>/gu, '')
    .replaceAll(
      /&(lt|gt|amp|quot|nbsp);/gu,
      (_, name: string) => ({ lt: '<', gt: '>', amp: '&', quot: '"' })[name] ?? ' ',
    )
    .replaceAll('\u00A0', ' ');
}

function tableWith(summary: string, header: string): string[][] {
  return tables(summary).find(([head]) => head?.includes(header)) ?? [];
}

function charts(summary: string): string[] {
  return [...summary.matchAll(/```mermaid\n([\s\S]*?)```/gu)].map(([, chart = '']) => chart);
}

function lengthsOfLines(chart: string): number[] {
  return [...chart.matchAll(/line \[(.*)\]/gu)].map(([, values = '']) => values.split(', ').length);
}

describe('the outcome comes first', () => {
  test.each([
    ['good', /^## ✅ web is deployed: web:42 has all production traffic after 27m 33s\n/u],
    ['errors', /^## ↩️ web is back on web:41: rolled back at 10% after 8m 3s\n\n121 of 1,493 requests/u],
    ['crash', /^## ↩️ web is back on web:41: rolled back after 2m 5s\n/u],
    [
      'dirty',
      /^## ⚠️ web is in an unknown state: .*\n\n> \[!CAUTION\]\n> \*\*Manual action is required\.\*\*/u,
    ],
    ['unchanged', /^## ✅ web is unchanged/u],
    ['buildFailed', /^## ❌ web was not deployed: production was not touched\n\nDockerfile, line 7/u],
    ['dryRun', /^## ✅ Dry run: web would be deployed\n/u],
    ['killed', /^## ⚠️ web: the run was interrupted\n/u],
  ] as const)('%s', (name, beginning) => {
    expect(renderSummary(trails[name]())).toMatch(beginning);
  });
});

describe('a run that was killed', () => {
  test('shows the last known state and when ECS rolls back', () => {
    const summary = renderSummary(trails.killed());
    expect(summary).toContain(
      'last event was at 14:12:23 UTC. At that time, 30% of production traffic went to the new revision.',
    );
    expect(summary).toContain('ECS rolls back by itself at 14:41:23 UTC, when its pause ends.');
  });

  test('between two steps shows how long the next pause of ECS is, not the end of the last one', () => {
    const events = trails.killed();
    const passed = events.findIndex(({ kind }) => kind === 'step-passed');
    expect(renderSummary(events.slice(0, passed + 1))).toContain(
      'ECS rolls back by itself no later than 31m after its next pause starts.',
    );
  });

  test('shows that production was not touched before the rollout', () => {
    expect(renderSummary(trails.good().slice(0, 4))).toContain('Production was not touched.');
  });

  test('has a summary after every event', () => {
    for (const trail of Object.values(trails)) {
      const events = trail();
      for (let length = 0; length < events.length - 1; length++)
        expect(renderSummary(events.slice(0, length))).toMatch(/^## ⚠️ .*: the run was interrupted\n/u);
    }
  });
});

test('facts contain the service, image digest, old and new task definition, commit and actor, with links', () => {
  const summary = renderSummary(trails.good());
  const facts = tableWith(summary, 'Service').map((row) => row.join(' '));
  expect(facts[0]).toBe('Service web on cluster shop, eu-west-1, account 123456789012');
  expect(facts[1]).toMatch(/^Image shop\/websha256:9f2c1b7d\w+$/u);
  expect(facts[2]).toBe('Task definition web:41 → web:42');
  expect(facts[3]).toBe('Commit 3f2a9c1 · by ada · workflow run');
  expect(facts[4]).toBe('Time 2026-11-21, 14:02:11 – 14:29:44 UTC (27m 33s)');
  expect(summary).toContain(
    'https://github.com/example/shop/commit/3f2a9c1d8e7b6a5049382716f5e4d3c2b1a09f8e',
  );
  expect(summary).toContain('/ecs/v2/task-definitions/web/42/containers?region=eu-west-1');
});

test('each stage and step has its time, its counts and its verdict', () => {
  const steps = tableWith(renderSummary(trails.good()), 'Verdict');
  expect(steps.map(([name]) => name)).toEqual([
    '',
    'Build',
    'Push',
    'Start',
    'Smoke test',
    'Warm-up',
    '10%',
    '30%',
    '60%',
    '90%',
    '100%',
  ]);
  expect(steps[6]).toEqual([
    '10%',
    '14:04:24',
    '8m',
    '1,606',
    '0%',
    expect.stringContaining('✅ G = 24.1, 20 is enough'),
  ]);
});

test('the minute in which a step starts counts for the step that had most of it', () => {
  const story = stepBegun(started(), 10);
  const origin = story.now - 40_000;
  stepBegun(story.after(100_000), 30);
  const minutes = [0, 1, 2, 3].map((t) => ({ t, canary: { requests: 10 ** t, errors: 0 } }));
  looked(story, { origin, minutes }, { percent: 30, verdict: 'hold', because: '', total: 1 });
  const steps = tableWith(renderSummary(story.events), 'Verdict').slice(-3);
  expect(steps.map(([name, , , requests]) => [name, requests])).toEqual([
    ['10%', '11'],
    ['Warm-up', '100'],
    ['30%', '1,000'],
  ]);
});

describe('requests after the verdict about a step', () => {
  const because = 'None of 300 requests failed.';
  const pass = (story: Telling, minutes: Minute[], verdict: 'pass' | 'rollback', percent: number) =>
    looked(story, { origin, minutes: [...minutes] }, { percent, verdict, because, total: 1 });
  const story = stepBegun(started(), 10);
  const origin = story.now;
  const minutes: Minute[] = [0, 1, 2, 3, 4, 5].map((t) => ({
    t,
    canary: counts(100, 0),
    stable: counts(900, 0),
  }));
  pass(story.after(6 * MINUTE), minutes, 'pass', 10);
  story.tell({ kind: 'step-passed', percent: 10, because, took: 6 * MINUTE });
  minutes.push({ t: 6, canary: counts(192, 18), stable: counts(900, 0) });
  pass(story.after(MINUTE), minutes, 'rollback', 20);
  const reason = '18 of 492 requests to the new revision failed.';
  story.tell({ kind: 'rollback-requested', percent: 20, cause: 'judge', reason });
  const summary = renderSummary(story.events);

  test('have their own row, so that each verdict stands beside the counts that it is based on', () => {
    const rows = tableWith(summary, 'Verdict').slice(-3);
    expect(rows.map(([name, , took, ...others]) => [name, took, ...others])).toEqual([
      ['Warm-up', '', '300', '0%', 'shown, but not judged'],
      ['10%', '6m', '300', '0%', `✅ ${because}`],
      ['Way to 30%', '1m', '192', '9.4%', '↩️ the metrics are evidence against the new revision'],
    ]);
  });

  test('have a mark in the charts', () => {
    expect(charts(summary)[0]).toContain('"Way to 30%"]');
  });
});

test('a step that was rolled back shows why, an open one its last evaluation', () => {
  expect(tableWith(renderSummary(trails.errors()), 'Verdict').at(-1)?.at(-1)).toBe(
    '↩️ the metrics are evidence against the new revision',
  );
  expect(tableWith(renderSummary(trails.killed()), 'Verdict').at(-1)?.at(-1)).toMatch(
    /^⚠️ the trail ends here; last evaluation/u,
  );
});

function counts(requests: number, errors: number) {
  return { requests, errors, slow: [requests / 2, requests / 10, 1] };
}

test('canary and stable are compared over the same minutes', () => {
  const story = started();
  const minutes = [
    { t: 0, canary: counts(100, 8), stable: counts(900, 1) },
    { t: 1, canary: counts(100, 8), stable: counts(900, 1) },
    { t: 2, canary: counts(1_000, 0) },
  ];
  looked(
    story,
    { origin: story.now, minutes },
    { percent: 100, verdict: 'hold', because: '', total: Infinity },
  );
  const summary = renderSummary(story.events);
  const [, ...rows] = tableWith(summary, 'Canary');
  expect(rows.slice(0, 4)).toEqual([
    ['Requests', '200', '1,800'],
    ['Failed (5xx or no answer)', '16', '2'],
    ['Error rate', '8%', '0.11%'],
    ['Slower than p50 before the rollout (84 ms; canary: 101 ms)', '50%', '50%'],
  ]);
});

describe('charts', () => {
  test('are not drawn without data', () => {
    expect(charts(renderSummary(trails.crash()))).toEqual([]);
    expect(charts(renderSummary(trails.unchanged()))).toEqual([]);
  });

  test('show errors and latency, canary and stable, each line as long as its data', () => {
    const [errors, latency, ...others] = charts(renderSummary(trails.good()));
    expect(others).toEqual([]);
    expect(errors).toContain('title "Failed requests"');
    expect(latency).toContain('title "Requests slower than p90 before the rollout (240 ms)"');
    for (const chart of [errors, latency]) {
      expect(chart).toContain('x-axis "production traffic on the canary, 14:04:24 to 14:29:24 UTC" ["10%"');
      expect(lengthsOfLines(chart ?? '')).toEqual([25, 23]);
    }
  });

  test('omit the chart of errors if there were none', () => {
    const story = stepBegun(started(), 10);
    const minutes = [0, 1, 2].map((t) => minute(t, 10, { ...WELL, errors: 0, stableErrors: 0 }));
    looked(story, { origin: story.now, minutes }, { percent: 10, verdict: 'hold', because: '', total: 1 });
    expect(charts(renderSummary(story.events)).map((chart) => /title "(.*)"/u.exec(chart)?.[1])).toEqual([
      'Requests slower than p90 before the rollout (240 ms)',
    ]);
  });

  test('show a tenth of a percent as a small value', () => {
    expect(charts(renderSummary(trails.good()))[0]).toContain('y-axis "% of requests" 0 --> 1\n');
    expect(charts(renderSummary(trails.errors()))[0]).toContain('y-axis "% of requests" 0 --> 10\n');
  });

  test('combine hours into at most 60 points that keep the rate', () => {
    const story = stepBegun(started(), 10);
    const minutes = Array.from({ length: 600 }, (_, t) => ({
      t,
      canary: { requests: 100, errors: t % 2 },
      stable: { requests: 900, errors: 0 },
    }));
    looked(story, { origin: story.now, minutes }, { percent: 10, verdict: 'hold', because: '', total: 1 });
    const summary = renderSummary(story.events);
    const [chart = ''] = charts(summary);
    expect(lengthsOfLines(chart)).toEqual([60, 60]);
    expect(chart).toContain(`line [${Array.from({ length: 60 }, () => 0.5).join(', ')}]`);
    expect(summary).toContain('a point for each 10m');
    // Mermaid requires one unique label for each point.
    const labels = /x-axis ".*" \[(.*)\]\n/u.exec(chart)?.[1]?.split(', ') ?? [];
    expect(new Set(labels).size).toBe(60);
  });
});

test('a failure shows its stopped tasks with exit codes, service events and log; tasks with the same end share a row', () => {
  const summary = renderSummary(trails.crash());
  const [, task, ...others] = tableWith(summary, 'Containers');
  expect(others).toEqual([]);
  expect(task).toEqual([
    '4f0c9a7b81aa02f1c0ffee11',
    '14:03:5014:03:3714:03:25',
    'Essential container in task exited',
    'web exit code 1log-router exit code 137 (killed, often out of memory): OutOfMemoryError: Container killed due to memory usage',
  ]);
  expect(tableWith(summary, 'Event').at(1)?.at(1)).toContain('failed container health checks');
  expect(summary).toContain("\nError: Cannot find module './config/production.json'\n");
  expect(summary).toContain('#logsV2:log-groups/log-group/$252Fecs$252Fshop$252Fweb/log-events/');
});

test('the differences of the task definition are shown, including values that were not set', () => {
  const [, , timeout, memory] = tableWith(renderSummary(trails.good()), 'Changed');
  expect(timeout).toEqual(['containerDefinitions.web.environment.CHECKOUT_TIMEOUT', '2s', '800ms']);
  expect(memory).toEqual(['containerDefinitions.web.memory', 'not set', '512']);
});

describe('a person who is needed', () => {
  const summary = renderSummary(trails.dirty());

  test('gets a list of what to check, with commands', () => {
    expect(summary).toContain(`--service-deployment-arns ${ARNS.deployment}`);
    expect(summary).toContain(`--rule-arns ${ARNS.rule}`);
    expect(summary).toContain("--query 'Rules[].Actions'");
    expect(summary).toContain(`--task-definition ${ARNS.before}`);
    expect(summary).toContain(`#ListenerRuleDetails:ruleArn=${ARNS.rule}`);
  });

  test('can paste the commands, for any names', () => {
    const events = trails
      .dirty()
      .map((event) => (event.kind === 'started' ? { ...event, service: "it's; rm -rf /" } : event));
    expect(renderSummary(events)).toContain(`--services 'it'\\''s; rm -rf /'`);
  });

  test('is mentioned only if needed', () => {
    expect(renderSummary(trails.errors())).not.toContain('What to look at');
  });
});

test('a dry run shows the planned steps and times', () => {
  const summary = renderSummary(trails.dryRun());
  expect(summary).toContain('- First, a smoke test on the test listener: /health answers 200, 10 times.');
  expect(summary).toContain(
    '- Then 10%, 30%, 60%, 90%, 100% of production traffic, each step for at least 4m and at most 30m.',
  );
  expect(summary).toContain('⚠️ The alarm web-5xx fires already');
  expect(tableWith(summary, 'Changed')).toHaveLength(4);
});

describe('foreign text', () => {
  test('does not change the structure of the page', () => {
    const markdown = new MarkdownIt({ html: true, linkify: true });
    const structure = (text: string) => {
      const html = markdown.render(renderSummary(tainted(text)));
      // Optional line breaks depend on the text; console links on whether it is a valid name.
      return [...html.matchAll(/<\/?(?!wbr|a\b|\/a)[a-z][a-z0-9]*/gu)].map(([tag]) => tag);
    };
    const plain = structure('plain');
    fc.assert(
      fc.property(foreignText, (text) => {
        expect(structure(`plain${text}plain`)).toEqual(plain);
      }),
      { numRuns: 150 },
    );
  });

  test('is shown unchanged', () => {
    const text = 'a|b\\|c `d` *e* <f> [g](h) &amp; $i$ #1';
    expect(tableWith(renderSummary(tainted(text)), 'Changed')[1]).toEqual([text, text, text]);
  });

  test('creates no links and no mentions', () => {
    const renderer = new MarkdownIt({ html: true, linkify: true });
    // For GitHub, a mail address ends at a character that is no letter; for this renderer, it does not.
    renderer.linkify.set({ fuzzyEmail: false }).add('mailto:', null);
    const html = renderer.render(
      renderSummary([
        {
          kind: 'notice',
          level: 'error',
          message:
            'fixes #12, GH-12 @octocat https://e.example www.e.example [x](https://e.example) to ops+page@shop.example, mailto:ops@shop.example',
          at,
        },
      ]),
    );
    const [visible = ''] = html.split('<details>');
    expect(visible).not.toContain('<a ');
    expect(visible).not.toMatch(/@octocat|#12|GH-12|@shop/u);
  });

  test('creates no links to commits, and its words stay as they are', () => {
    const hash = '0123456789abcdef0123456789abcdef01234567';
    const message = `after ${hash}, ABCDEF1, shop/web@${hash} and 123456a...${hash.slice(0, 12)}`;
    const html = new MarkdownIt({ html: true }).render(
      renderSummary([{ kind: 'notice', level: 'error', message, at }]),
    );
    const [visible = ''] = html.split('<details>');
    // GitHub looks at the text between two tags.
    const texts = visible.replaceAll(/<code>.*?<\/code>/gu, '').split(/<[^>]*>/u);
    expect(texts.filter((text) => /\b[0-9a-f]{7,40}\b/iu.test(text))).toEqual([]);
    expect(visible.replaceAll(/<[^>]*>|\u2060/gu, '')).toContain(message);
  });

  test('may name a commit as our own messages do, which GitHub links', () => {
    const message = 'web:2 (commit 0a1b2c3, by anna) serves again';
    expect(renderSummary([{ kind: 'notice', level: 'error', message, at }])).toContain(message);
  });

  test('is a link only if it is an HTTP URL', () => {
    const events = [{ ...begun, runUrl: 'javascript:alert(1)', at }];
    expect(renderSummary(events)).not.toContain('javascript:');
  });
});

function awkward(characters: number): string {
  return '`|<é\n'.repeat(characters / 5);
}

describe('the size', () => {
  test('stays below the limit of GitHub, for any content', () => {
    const many = Array.from({ length: 60 }, () => tainted(awkward(3_000))).flat();
    const huge = tainted(awkward(60_000));
    const steps = Array.from({ length: 1_000 }, (_, index): Event => ({
      kind: 'step-started',
      percent: index / 10,
      deadline: null,
      at: at + index,
    }));
    for (const events of [many, huge, [...huge, ...steps, ...many]])
      expect(Buffer.byteLength(renderSummary(events))).toBeLessThan(MEBIBYTE);
  });

  test('is reduced by the oldest lines of the trail first, with a note; the container log stays', () => {
    const chatter = Array.from({ length: 20_000 }, (_, index): Event => ({
      kind: 'waiting',
      what: `tasks, look ${index}.`,
      since: at,
      until: null,
      otherwise: null,
      at,
    }));
    const summary = renderSummary([...trails.crash().slice(0, -1), ...chatter, ...trails.crash().slice(-1)]);
    expect(summary).toMatch(/\d+ older lines left out/u);
    expect(summary).not.toContain('tasks, look 0.');
    expect(summary).toContain('tasks, look 19999.');
    expect(summary).toContain('\nnode:internal/modules/cjs/loader:1372\n');
  });

  test('is then reduced by the oldest lines of the container log', () => {
    const events = trails.crash().map((event) =>
      event.kind === 'diagnosed'
        ? {
            ...event,
            log: {
              source: 'web',
              lines: Array.from({ length: 50_000 }, (_, index) => `container line ${index}.`.padEnd(60)),
            },
          }
        : event,
    );
    const summary = renderSummary(events);
    expect(summary).toContain('container line 49999.');
    expect(summary).not.toContain('container line 0.');
    expect(Buffer.byteLength(summary)).toBeLessThan(MEBIBYTE);
    expect(summary).toContain('Essential container in task exited');
  });
});

test('an hour at one step is shown in hours', () => {
  const story = stepBegun(started(), 10).after(61 * MINUTE);
  story.tell({ kind: 'step-passed', percent: 10, because: 'good', took: 61 * MINUTE });
  expect(tableWith(renderSummary(story.events), 'Verdict').at(-1)?.[2]).toBe('1h 1m');
});
