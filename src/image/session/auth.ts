import type { RegistryCredentials } from '../registry-access.ts';
import { unary, type Method } from './grpc.ts';
import { encodeMessage, Message } from './protobuf.ts';

/**
 * moby.filesync.v1.Auth/Credentials: the credentials of the requested host only; other hosts get
 * none, which means anonymous access.
 */
export function authMethod(credentials: ReadonlyMap<string, RegistryCredentials>): Method {
  return unary((request) => {
    const host = new Message(request).string(1);
    const known = credentials.get(host);
    return encodeMessage([
      [1, known?.username ?? null],
      [2, known?.password ?? null],
    ]);
  });
}
