import { plainText } from '../../core/plain-text.ts';
import { progressOf } from '../progress.ts';
import type { Event } from '../../core/trail/event.ts';

/** The happenings that a webhook is told of. */
export const WEBHOOK_EVENTS = ['started', 'rollback-requested', 'finished'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export interface About {
  readonly format: 'json' | 'teams';
  /** Of the job: its main and its post step have the same. */
  readonly run: string;
  readonly environment: string | null;
}

/**
 * What is sent; its schema is in docs/github.md. Foreign text is plain, and `text` also
 * without what Slack would read as a mention or a link. Pure.
 */
export function webhookMessage(
  event: Event,
  events: readonly Event[],
  { format, run, environment }: About,
): object {
  const last = <K extends Event['kind']>(kind: K) =>
    events.findLast((event): event is Extract<Event, { kind: K }> => event.kind === kind);
  const [started, release, asked, finished] = [
    last('started'),
    last('task-definition-ready'),
    last('rollback-requested'),
    last('finished'),
  ];
  const { inWords } = progressOf(events);
  const service = started?.service ?? '';
  const title = `${environment ?? started?.cluster ?? ''}/${service}: ${event.kind === 'started' ? `a ${started?.command ?? 'release'} begins` : inWords}`;
  const runUrl = started?.runUrl ?? null;
  const text = plainText(title, 1_000);
  return {
    text: forSlack(runUrl === null ? text : `${text} ${runUrl}`),
    schema: 1,
    id: `${run}/${service}/${event.kind}`,
    event: event.kind,
    command: started?.command ?? 'release',
    at: new Date(event.at).toISOString(),
    service,
    cluster: started?.cluster ?? null,
    region: started?.region ?? null,
    environment,
    commit: started?.commit ?? null,
    actor: started?.actor ?? null,
    repositoryUrl: started?.repositoryUrl ?? null,
    runUrl,
    image: release?.image ?? null,
    taskDefinition: release?.taskDefinitionArn ?? null,
    outcome: finished?.outcome ?? null,
    cause: asked?.cause ?? null,
    percent: finished ? finished.canaryPercent : (asked?.percent ?? null),
    reason: finished || asked ? plainText((finished ?? asked)?.reason ?? '') : null,
    ...(format === 'teams' && cardOf(text, runUrl)),
  };
}

/** Its three signs that mean something. */
function forSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** What the workflow "Post to a channel when a webhook request is received" takes. A run of text is shown as it is. */
function cardOf(text: string, runUrl: string | null): object {
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text }] }],
          ...(runUrl !== null && {
            actions: [{ type: 'Action.OpenUrl', title: 'Open the run', url: runUrl }],
          }),
        },
      },
    ],
  };
}
