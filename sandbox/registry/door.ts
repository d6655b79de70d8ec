import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { unauthorized } from './gate.ts';
import type { Denial, Gate } from './gate.ts';
import type { Shelf } from './shelf.ts';
import type { Storage } from './storage.ts';

/**
 * Answers docker: checks access with the gate, stores manifests in the shelf, and forwards
 * everything else to the storage.
 */
export function createDoor(storage: Storage, shelf: Shelf, gate: Gate): RequestListener {
  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = incoming.url ?? '/';
    const refused = admission(incoming.headers.authorization, gate);
    if (refused) return deny(outgoing, refused);
    if (url === '/v2/') return send(outgoing, 200, {});
    const { repository, kind, reference } = parse(url);
    const denied = repository === '' ? unsupported : gate.enter(repository);
    if (denied) return deny(outgoing, denied);
    switch (`${incoming.method} ${kind}`) {
      case 'GET manifests':
      case 'HEAD manifests': {
        const digest = shelf.index.resolve(repository, reference);
        if (digest === null) return deny(outgoing, imageUnknown);
        if (incoming.method === 'GET') shelf.index.pull(repository, digest);
        return forward(incoming, outgoing, `/v2/${repository}/manifests/${digest}`);
      }
      case 'PUT manifests': {
        const mediaType = incoming.headers['content-type'] ?? '';
        const body = await buffer(incoming);
        const stored = await shelf.putManifest({ repository, reference, mediaType, body });
        if ('code' in stored) return deny(outgoing, stored);
        outgoing.setHeader('docker-content-digest', stored.digest);
        outgoing.setHeader('location', `/v2/${repository}/manifests/${stored.digest}`);
        return send(outgoing, 201, null);
      }
      case 'GET tags': {
        const tags = shelf.index.images(repository).flatMap((image) => image.tags);
        return send(outgoing, 200, { name: repository, tags });
      }
      default:
        return kind === 'blobs' ? forward(incoming, outgoing, url) : deny(outgoing, unsupported);
    }
  }

  async function forward(incoming: IncomingMessage, outgoing: ServerResponse, path: string): Promise<void> {
    const { authorization: _, ...headers } = incoming.headers;
    const request = storage.request({ ...(incoming.method && { method: incoming.method }), path, headers });
    const response = once(request, 'response');
    const [[reply]] = await Promise.all([response, pipeline(incoming, request)]);
    outgoing.writeHead(reply.statusCode, reply.headers);
    await pipeline(reply, outgoing);
  }

  return (incoming, outgoing) => {
    answer(incoming, outgoing).catch((error: unknown) => {
      if (outgoing.headersSent) outgoing.destroy();
      else deny(outgoing, { status: 502, code: 'UNKNOWN', message: String(error) });
    });
  };
}

function admission(authorization: string | undefined, gate: Gate): Denial | null {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return unauthorized;
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return gate.admit(user, password.join(':'));
}

/**
 * `/v2/team/shop/manifests/v1`: the name of a repository may contain slashes. It is empty for an
 * unknown path.
 */
function parse(url: string): {
  readonly repository: string;
  readonly kind: string;
  readonly reference: string;
} {
  const match = /^\/v2\/(.+)\/(manifests|blobs|tags)\/([^?]+)/.exec(url);
  const [, repository = '', kind = '', reference = ''] = match ?? [];
  return { repository, kind, reference: decodeURIComponent(reference) };
}

const unsupported: Denial = { status: 405, code: 'UNSUPPORTED', message: 'The operation is unsupported.' };
const imageUnknown: Denial = { status: 404, code: 'MANIFEST_UNKNOWN', message: 'Requested image not found' };

function deny(outgoing: ServerResponse, { status, code, message }: Denial): void {
  if (status === 401)
    outgoing.setHeader('www-authenticate', 'Basic realm="sandbox",service="ecr.amazonaws.com"');
  send(outgoing, status, { errors: [{ code, message }] });
}

function send(outgoing: ServerResponse, status: number, body: object | null): void {
  outgoing.setHeader('docker-distribution-api-version', 'registry/2.0');
  if (body !== null) outgoing.setHeader('content-type', 'application/json');
  outgoing.writeHead(status).end(body === null ? '' : JSON.stringify(body));
}
