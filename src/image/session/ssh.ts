import { once } from 'node:events';
import { connect } from 'node:net';
import { type Call, GrpcError, grpcStatus, type Method, unary } from './grpc.ts';
import { encodeMessage, Message } from './protobuf.ts';

/**
 * moby.sshforward.v1.SSH, through which `RUN --mount=type=ssh` uses the SSH agent whose socket
 * SSH_AUTH_SOCK names, as with `docker build --ssh default`. `missing` gets the reason why there is no
 * agent: without `required=true`, the engine runs the command all the same.
 */
export function sshMethods(
  socket: string | undefined,
  missing: (problem: string) => void,
): ReadonlyMap<string, Method> {
  return new Map([
    [
      '/moby.sshforward.v1.SSH/CheckAgent',
      unary(async (request) => {
        const id = new Message(request).string(1) || DEFAULT_ID;
        const problem = await problemWith(id, socket);
        if (problem === null) return encodeMessage([]);
        missing(problem);
        throw new GrpcError(grpcStatus.notFound, problem);
      }),
    ],
    ['/moby.sshforward.v1.SSH/ForwardAgent', (call) => forward(call, socket)],
  ]);
}

const DEFAULT_ID = 'default';

export const NO_AGENT =
  'RUN --mount=type=ssh requires an SSH agent: start one in a step before this one (such as webfactory/ssh-agent), so that SSH_AUTH_SOCK is set.';

async function problemWith(id: string, socket: string | undefined): Promise<string | null> {
  if (id !== DEFAULT_ID)
    return `RUN --mount=type=ssh,id=${id}: ecs-ramp forwards only one SSH agent: remove the id, or write id=${DEFAULT_ID}.`;
  if (!socket) return NO_AGENT;
  try {
    (await open(socket)).destroy();
    return null;
  } catch {
    return `RUN --mount=type=ssh: no SSH agent answers at ${socket} (SSH_AUTH_SOCK): start the agent in the same job.`;
  }
}

async function open(socket: string) {
  const connection = connect(socket);
  await once(connection, 'connect');
  return connection;
}

/** Each message has a part of the stream in field 1. Ends when the agent closes the connection. */
async function forward(call: Call, socket: string | undefined): Promise<void> {
  const agent = await open(socket ?? '');
  const questions = (async () => {
    for await (const bytes of call.messages) agent.write(new Message(bytes).bytes(1));
  })();
  // A build that was ended closes the stream.
  questions.catch(() => undefined).finally(() => agent.end());
  try {
    for await (const chunk of agent as AsyncIterable<Buffer>) await call.send(encodeMessage([[1, chunk]]));
  } finally {
    agent.destroy();
  }
}
