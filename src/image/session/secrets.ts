import { GrpcError, grpcStatus, unary, type Method } from './grpc.ts';
import { encodeMessage, Message } from './protobuf.ts';
import type { Secret } from '../../core/secrecy/secret.ts';

/**
 * moby.buildkit.secrets.v1.Secrets/GetSecret, which `RUN --mount=type=secret` uses. `notFound`
 * allows an optional secret to be absent.
 */
export function secretsMethod(secrets: ReadonlyMap<string, Secret>): Method {
  return unary((request) => {
    const id = new Message(request).string(1);
    const value = secrets.get(id);
    if (value === undefined)
      throw new GrpcError(grpcStatus.notFound, `secret ${id}: not found: add it to \`build-secrets\``);
    return encodeMessage([[1, value.reveal()]]);
  });
}
