import http from 'node:http';
import https from 'node:https';
import type { Gate } from '../../core/request.ts';
import { SECOND } from '../../core/time/clock.ts';
import type { GatedStep, TestedRevision } from './gated-step.ts';
import type { GateAnswer } from './answer.ts';

export type AskWebhook = (
  gate: Extract<Gate, { readonly kind: 'webhook' }>,
  pause: GatedStep,
  signal: AbortSignal,
) => Promise<GateAnswer>;

/** A webhook that needs longer answers 202 and is asked again. */
const ANSWER_WITHIN = 30 * SECOND;
/** How many characters of a refusal's text are shown. */
const LONGEST_TOLD = 300;
/** Statuses after which the webhook is asked again, like every 5xx and a missing answer. */
const NOT_YET = new Set([202, 408, 425, 429]);

/**
 * Sends the facts about the tested revision as JSON by POST. The status is the answer. Never
 * rejects.
 */
export function askWebhook(tested: TestedRevision): AskWebhook {
  return ({ url: secretUrl }, pause, signal) => {
    const url = secretUrl.reveal();
    const body = JSON.stringify({ ...bodyOf(tested, pause) });
    return new Promise((resolve) => {
      const request = (url.startsWith('https:') ? https : http).request(
        url,
        {
          method: 'POST',
          headers: {
            'user-agent': 'ecs-ramp',
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            connection: 'close',
          },
          signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN)]),
        },
        (response) => {
          const status = response.statusCode ?? 0;
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (part: string) => {
            if (text.length < LONGEST_TOLD) text += part;
          });
          // An incomplete response still has a status.
          response.on('error', () => {});
          response.on('close', () => resolve(answerOf(status, text)));
        },
      );
      request.on('error', () => resolve({ said: 'wait' }));
      request.end(body);
    });
  };
}

function answerOf(status: number, text: string): GateAnswer {
  if (NOT_YET.has(status) || status >= 500) return { said: 'wait' };
  if (status >= 200 && status < 300) return { said: 'pass', because: `it answered ${status}` };
  const why = text.slice(0, LONGEST_TOLD).toWellFormed().replaceAll(/\s+/g, ' ').trim();
  return { said: 'fail', problem: `the webhook answered ${status}${why === '' ? '' : `: ${why}`}` };
}

/** `id` is the same for every request about the same pause. */
function bodyOf(
  { testUrl, testHost, testHeaders, ...tested }: TestedRevision,
  { deployment, percent }: GatedStep,
): object {
  return {
    id: `${deployment}/${percent}`,
    step: percent,
    ...tested,
    serviceDeploymentArn: deployment,
    testUrl,
    testHost,
    testHeaders,
  };
}
