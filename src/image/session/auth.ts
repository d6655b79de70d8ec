import type { RegistryCredentials } from '../registry-access.ts';
import { unary, type Method } from './grpc.ts';
import { encodeMessage, Message } from './protobuf.ts';

/**
 * moby.filesync.v1.Auth/Credentials: the credentials of the requested host only. A host without
 * credentials gets none, which means anonymous access. `failed` gets the reason why there are none.
 */
export function authMethod(
  find: (host: string) => Promise<RegistryCredentials | null>,
  failed: (problem: Error) => void,
): Method {
  return unary(async (request) => {
    const host = new Message(request).string(1);
    const known = await find(host).catch((error: unknown) => {
      if (error instanceof Error) failed(error);
      throw error;
    });
    return encodeMessage([
      [1, known?.username ?? null],
      [2, known?.password.reveal() ?? null],
    ]);
  });
}
