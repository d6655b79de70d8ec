import { cbor } from './cbor.ts';
import { json } from './json.ts';
import type { WireRequest } from './message.ts';
import { models } from './model.ts';
import type { Model } from './model.ts';
import type { Protocol } from './protocol.ts';
import { query } from './query.ts';

/** The service, the operation and the protocol of a request. */
export interface Call {
  readonly model: Model;
  readonly operation: string;
  readonly protocol: Protocol;
}

/** `null` when it is not a call of a known service. */
export function recognise(request: WireRequest): Call | null {
  const rpc = /^\/service\/([^/]+)\/operation\/([^/]+)$/.exec(request.path);
  if (rpc?.[1] !== undefined && rpc[2] !== undefined) {
    const model = modelOf('target', rpc[1]);
    return model && { model, operation: rpc[2], protocol: cbor(request) };
  }
  const [target, operation] = request.headers['x-amz-target']?.split('.') ?? [];
  if (target !== undefined && operation !== undefined) {
    const model = modelOf('target', target);
    return model && { model, operation, protocol: json(request) };
  }
  const parameters =
    request.method === 'GET'
      ? request.query
      : new URLSearchParams(Buffer.from(request.body).toString('utf8'));
  const action = parameters.get('Action');
  const model = modelOf('version', parameters.get('Version') ?? '');
  return action === null || !model ? null : { model, operation: action, protocol: query(parameters, model) };
}

const modelOf = (key: 'target' | 'version', value: string) =>
  models.find((model) => model[key] === value) ?? null;
