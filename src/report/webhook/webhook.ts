import { SECOND, sleep, type Clock } from '../../core/time/clock.ts';
import type { Event } from '../../core/trail/event.ts';
import { webhookMessage, WEBHOOK_EVENTS, type About, type WebhookEvent } from './message.ts';
import type { Secret } from '../../core/secrecy/secret.ts';

export interface Webhook {
  /** Queues the event if its kind is sent. Does not wait. `events`: all so far. */
  tell(event: Event, events: readonly Event[]): void;
  /** Resolves when everything is sent or given up, with the first problem. Never rejects. */
  finish(): Promise<string | null>;
}

const PATIENCE = 5 * SECOND;
const TRIES = 3;

/** A webhook of the user. Its URL is secret. */
export function createWebhook(
  about: About & { readonly url: Secret },
  { clock, stop }: { readonly clock: Clock; readonly stop: AbortSignal },
): Webhook {
  let problem: string | null = null;
  let sending = Promise.resolve();

  async function send(message: object): Promise<void> {
    for (let tried = 1; ; tried++) {
      const failure = await post(about.url.reveal(), message, stop);
      if (failure === null) return;
      if (failure.final || tried === TRIES || stop.aborted) {
        problem ??= failure.inWords;
        return;
      }
      await sleep(clock, tried * SECOND, stop);
    }
  }
  return {
    tell(event, events) {
      if (!WEBHOOK_EVENTS.some((kind: WebhookEvent) => kind === event.kind)) return;
      // A dry run sends nothing.
      if (events.some((event) => event.kind === 'started' && event.dryRun)) return;
      const soFar = [...events];
      sending = sending
        .then(() => send(webhookMessage(event, soFar, about)))
        .catch((error: unknown) => void (problem ??= String(error)));
    },
    async finish() {
      await sending;
      return (
        problem && `The webhook did not accept a notification (${problem}). The release is not affected.`
      );
    },
  };
}

interface Failure {
  readonly final: boolean;
  /** Without the URL. */
  readonly inWords: string;
}

async function post(url: string, message: object, stop: AbortSignal): Promise<Failure | null> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'ecs-ramp' },
      body: JSON.stringify(message),
      redirect: 'manual',
      signal: AbortSignal.any([stop, AbortSignal.timeout(PATIENCE)]),
    });
    await answer.body?.cancel();
    if (answer.ok) return null;
    return { final: answer.status < 500 && answer.status !== 429, inWords: `it answered ${answer.status}` };
  } catch (error) {
    const { name, cause }: { name?: unknown; cause?: unknown } = Object(error);
    const code: unknown = Reflect.get(Object(cause), 'code') ?? name;
    return { final: false, inWords: `no answer: ${String(code)}` };
  }
}
