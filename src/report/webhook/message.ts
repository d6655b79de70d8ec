import { plainText } from '../../core/plain-text.ts';
import { progressOf } from '../progress.ts';
import type { Event } from '../../core/trail/event.ts';

/** The events that are sent to the webhook. */
export const WEBHOOK_EVENTS = ['started', 'rollback-requested', 'finished'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export interface About {
  readonly format: 'json' | 'teams';
  /** The same for the main and the post step of the job. */
  readonly run: string;
  readonly environment: string | null;
}

/**
 * The body of the request; docs/github.md documents its schema. Foreign text is sanitized, and
 * `text` is also escaped for Slack. Pure.
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
  const title = `${environment ?? started?.cluster ?? ''}/${service}: ${event.kind === 'started' ? `${started?.command ?? 'release'} started` : inWords}`;
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

/** Escapes the three special characters of Slack. */
function forSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * The format of the Teams workflow "Post to a channel when a webhook request is received".
 * A TextRun is shown without interpretation.
 */
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
