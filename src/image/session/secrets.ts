import { GrpcError, grpcStatus, unary, type Method } from './grpc.ts';
import { encodeMessage, Message } from './protobuf.ts';

/** moby.buildkit.secrets.v1.Secrets/GetSecret: what `RUN --mount=type=secret` reads. `not found` lets an optional secret be absent. */
export function secretsMethod(secrets: ReadonlyMap<string, string>): Method {
  return unary((request) => {
    const id = new Message(request).string(1);
    const value = secrets.get(id);
    if (value === undefined)
      throw new GrpcError(grpcStatus.notFound, `secret ${id}: not found: give it in \`build-secrets\``);
    return encodeMessage([[1, value]]);
  });
}
