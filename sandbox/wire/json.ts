import { JsonCodec2 } from '@aws-sdk/core/protocols';
import type { WireRequest } from './message.ts';
import { Malformed, queryErrorHeader } from './protocol.ts';
import type { Protocol } from './protocol.ts';

const EPOCH_SECONDS = 7;
const codec = new JsonCodec2({
  timestampFormat: { useTrait: true, default: EPOCH_SECONDS },
  jsonName: false,
});

/** AWS JSON 1.0 and 1.1: one POST, the operation in X-Amz-Target. */
export function json(request: WireRequest): Protocol {
  const headers = (requestId: string) => ({
    'content-type': request.headers['content-type'] ?? 'application/x-amz-json-1.1',
    'x-amzn-requestid': requestId,
  });
  return {
    dialect: 'json',
    async decode(operation) {
      if (operation.input.isUnitSchema()) return {};
      try {
        return await codec.createDeserializer().read(operation.input, new TextDecoder().decode(request.body));
      } catch (error) {
        throw new Malformed(error instanceof Error ? error.message : String(error));
      }
    },
    encode(operation, output, requestId) {
      if (operation.output.isUnitSchema()) return { status: 200, headers: headers(requestId), body: '{}' };
      const serializer = codec.createSerializer();
      serializer.write(operation.output, output ?? {});
      return { status: 200, headers: headers(requestId), body: serializer.flush() };
    },
    refuse: (refusal, requestId) => ({
      status: refusal.status,
      headers: { ...headers(requestId), ...queryErrorHeader(refusal) },
      body: JSON.stringify({ __type: refusal.code, message: refusal.message, ...refusal.fields }),
    }),
  };
}
