import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FixedResponse, Redirect } from '../ports.ts';
import { hostOf, pathOf, queryStringOf, schemeOf } from './conditions.ts';
import type { BalancerFailure } from './counts.ts';

/** Answers of the load balancer itself. */

const SERVER = 'awselb/2.0';

export function sendFailure(response: ServerResponse, status: BalancerFailure): void {
  send(response, { status, headers: { 'Content-Type': 'text/html' }, body: failurePage(status) });
}

/** For a request to upgrade, where only the socket is available. */
export function failureMessage(status: BalancerFailure): string {
  const body = failurePage(status);
  return (
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nServer: ${SERVER}\r\nContent-Type: text/html\r\n` +
    `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`
  );
}

export function sendFixedResponse(
  response: ServerResponse,
  { status, contentType, body }: FixedResponse,
): void {
  send(response, { status, headers: { 'Content-Type': contentType }, body });
}

export function sendRedirect(
  request: IncomingMessage,
  response: ServerResponse,
  { redirect, port }: { readonly redirect: Redirect; readonly port: number },
): void {
  const parts: Readonly<Record<string, string>> = {
    protocol: schemeOf(request),
    host: hostOf(request),
    port: String(port),
    path: pathOf(request).slice(1),
    query: queryStringOf(request),
  };
  const location = redirect.location
    .replace(/#\{(protocol|host|port|path|query)\}/g, (_, name: string) => parts[name]!)
    .replace(/\?$/, '');
  send(response, { status: redirect.status, headers: { Location: location }, body: '' });
}

function failurePage(status: BalancerFailure): string {
  const title = `${status} ${STATUS_CODES[status]}`;
  return `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
}

function send(
  response: ServerResponse,
  { status, headers, body }: { status: number; headers: Record<string, string>; body: string },
): void {
  const content = Buffer.from(body);
  // Sets the reason explicitly, because a rejected answer of the target may have set another one.
  response.writeHead(status, STATUS_CODES[status] ?? '', {
    Server: SERVER,
    ...headers,
    'Content-Length': content.length,
  });
  response.end(content);
}
