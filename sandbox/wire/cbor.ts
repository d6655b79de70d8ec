import { CborCodec, cbor as plainCbor } from '@smithy/core/cbor';
import type { WireRequest } from './message.ts';
import { Malformed, queryErrorHeader } from './protocol.ts';
import type { Protocol } from './protocol.ts';

const codec = new CborCodec();
const headers = (requestId: string) => ({
  'content-type': 'application/cbor',
  'smithy-protocol': 'rpc-v2-cbor',
  'x-amzn-requestid': requestId,
});

/**
 * Smithy RPC v2 in CBOR, which current AWS CLIs use for CloudWatch. The operation is in the path.
 */
export function cbor(request: WireRequest): Protocol {
  return {
    dialect: 'json',
    async decode(operation) {
      if (operation.input.isUnitSchema() || request.body.length === 0) return {};
      try {
        return await codec.createDeserializer().read(operation.input, request.body);
      } catch (error) {
        throw new Malformed(error instanceof Error ? error.message : String(error));
      }
    },
    encode(operation, output, requestId) {
      const serializer = codec.createSerializer();
      if (!operation.output.isUnitSchema()) serializer.write(operation.output, output ?? {});
      const body = operation.output.isUnitSchema() ? plainCbor.serialize({}) : serializer.flush();
      return { status: 200, headers: headers(requestId), body };
    },
    refuse: (refusal, requestId) => ({
      status: refusal.status,
      headers: { ...headers(requestId), ...queryErrorHeader(refusal) },
      body: plainCbor.serialize({ __type: refusal.code, message: refusal.message, ...refusal.fields }),
    }),
  };
}
