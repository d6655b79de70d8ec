import { FaultMistake } from '../faults/faults.ts';
import type { WireReply, WireRequest } from './message.ts';
import type { Wire } from './dispatch.ts';

/** The sandbox's own API: `/_sandbox/health`, `/_sandbox/calls`, `/_sandbox/faults`. */
export function control(wire: Wire, request: WireRequest): WireReply {
  switch (`${request.method} ${request.path}`) {
    case 'GET /_sandbox/health':
      return reply(200, { status: 'ok' });
    case 'GET /_sandbox/calls':
      return reply(200, wire.calls);
    case 'GET /_sandbox/faults':
      return reply(200, wire.faults.pending());
    case 'DELETE /_sandbox/faults':
      wire.faults.clear();
      return reply(200, []);
    case 'POST /_sandbox/faults':
      return addFaults(wire, request);
    default:
      return reply(404, { message: `The sandbox has no ${request.method} ${request.path}.` });
  }
}

function addFaults(wire: Wire, request: WireRequest): WireReply {
  try {
    wire.faults.add(JSON.parse(Buffer.from(request.body).toString('utf8')));
    return reply(200, wire.faults.pending());
  } catch (error) {
    if (error instanceof FaultMistake || error instanceof SyntaxError)
      return reply(400, { message: error.message });
    throw error;
  }
}

const reply = (status: number, value: unknown): WireReply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: `${JSON.stringify(value)}\n`,
});
