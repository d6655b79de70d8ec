import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { blocksOf } from '../../../../script/page-blocks.ts';
import { createWebhook } from '../../../../src/report/webhook/webhook.ts';
import type { Event } from '../../../../src/core/trail/event.ts';
import { hurriedClock } from '../../../support/hurried-clock.ts';
import { startWebhookServer, type WebhookServer } from '../../../support/webhook-server.ts';
import { read } from '../../docs/pages.ts';
import { trails } from '../trails/trails.ts';
import { Secret } from '../../../../src/core/secrecy/secret.ts';

let server: WebhookServer;
beforeEach(async () => {
  server = await startWebhookServer();
});
afterEach(() => server.close());

async function tellOf(
  events: readonly Event[],
  { url = server.url, format = 'json' }: { url?: string; format?: 'json' | 'teams' } = {},
): Promise<string | null> {
  const stop = new AbortController().signal;
  const webhook = createWebhook(
    { url: new Secret(url), format, run: 'r1', environment: 'production' },
    { clock: hurriedClock, stop },
  );
  const soFar: Event[] = [];
  for (const event of events) {
    soFar.push(event);
    webhook.tell(event, soFar);
  }
  return webhook.finish();
}

test('a successful release sends a message at its start and its end', async () => {
  expect(await tellOf(trails.good())).toBeNull();
  expect(server.received).toMatchObject([
    {
      schema: 1,
      id: 'r1/web/started',
      event: 'started',
      service: 'web',
      environment: 'production',
      outcome: null,
    },
    { id: 'r1/web/finished', event: 'finished', outcome: 'deployed', percent: 100 },
  ]);
  expect(server.received[0].text).toMatch(/^production\/web: release started https:\/\/\S+$/);
  expect(server.received[1].text).toMatch(/^production\/web: deployed after 27m 33s https:\/\/\S+$/);
  expect(Object.keys(server.received[0])).toEqual(Object.keys(server.received[1]));
});

test('a rollback sends a message when it is requested', async () => {
  await tellOf(trails.errors());
  expect(server.received.map(({ event }) => event)).toEqual(['started', 'rollback-requested', 'finished']);
  expect(server.received[1]).toMatchObject({
    cause: 'judge',
    percent: 10,
    outcome: null,
    reason: expect.stringContaining('121 of 1,493 requests'),
    text: expect.stringContaining('production/web: rolling back at 10%: 121 of 1,493 requests'),
  });
  expect(server.received[2]).toMatchObject({ outcome: 'rolled-back', cause: 'judge' });
});

test('foreign text creates no mention or link in Slack, and is unchanged in a card for Teams', async () => {
  const events = trails
    .errors()
    .map((event) =>
      event.kind === 'rollback-requested'
        ? { ...event, reason: '<!channel> a & b\n<https://evil.example|here>' }
        : event,
    );
  await tellOf(events, { format: 'teams' });
  const { text, type, attachments } = server.received[1];
  expect(text).toContain('&lt;!channel&gt; a &amp; b &lt;https://evil.example|here&gt;');
  expect(type).toBe('message');
  expect(attachments).toMatchObject([
    {
      contentType: 'application/vnd.microsoft.card.adaptive',
      content: {
        type: 'AdaptiveCard',
        body: [
          {
            type: 'RichTextBlock',
            inlines: [{ type: 'TextRun', text: expect.stringContaining('<!channel> a & b') }],
          },
        ],
        actions: [{ type: 'Action.OpenUrl', url: expect.stringContaining('https://') }],
      },
    },
  ]);
});

test('a dry run sends nothing', async () => {
  await tellOf(trails.dryRun());
  expect(server.received).toEqual([]);
});

test('a temporary failure is retried, in order', async () => {
  server.answerWith(503, 429);
  expect(await tellOf(trails.good())).toBeNull();
  expect(server.received.map(({ event }) => event)).toEqual(['started', 'started', 'started', 'finished']);
});

test.each([
  [404, 2],
  [302, 2],
  [500, 6],
])(
  'a webhook that answers %i gets %i requests; the problem does not contain the URL',
  async (status, times) => {
    server.answerWith(...Array.from({ length: times }, () => status));
    expect(await tellOf(trails.good())).toBe(
      `The webhook did not accept a notification (it answered ${status}). The release is not affected.`,
    );
    expect(server.received).toHaveLength(times);
  },
);

test('an unreachable webhook has no effect', async () => {
  const gone = await startWebhookServer();
  await gone.close();
  expect(await tellOf(trails.good(), { url: gone.url })).toBe(
    'The webhook did not accept a notification (no answer: ECONNREFUSED). The release is not affected.',
  );
});

test('the documentation shows every key, in order, and the exact card', async () => {
  await tellOf(trails.good(), { format: 'teams' });
  const [json, card] = blocksOf(read('docs/github.md'), 'json').map((block): object => JSON.parse(block));
  const { type, attachments, ...told } = server.received[1];
  expect(Object.keys(json!)).toEqual(Object.keys(told));
  expect(shape(card)).toBe(shape({ type, attachments }));
});

/** All content, with links. */
function shape(value: unknown): string {
  return JSON.stringify(value).replaceAll(/"(text|url)":"[^"]*"/g, '"$1":""');
}
