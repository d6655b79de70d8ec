import type { WireReply } from './message.ts';
import type { ErrorFacts, Model, OperationSchema } from './model.ts';

/** A wire protocol, seen from the server, for one request. */
export interface Protocol {
  /** The names of the errors that every service has differ: `AccessDeniedException`, but `AccessDenied` in query. */
  readonly dialect: 'json' | 'query';
  /** The request's body in the SDK's shape. Throws Malformed where it cannot be read at all. */
  decode(operation: OperationSchema): Promise<unknown>;
  encode(operation: OperationSchema, output: unknown, requestId: string): WireReply;
  refuse(refusal: Refusal, requestId: string): WireReply;
}

/** An error as it goes out: code and status already are what the protocol calls for. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly model: Model;
  /** Null: not in the service's model, such as the errors that every service has. */
  readonly facts: ErrorFacts | null;
  /** Further members of the modelled error. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The body cannot be read as the operation's input. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** Clients that came from the query protocol look for its error code in this header. */
export function queryErrorHeader({ model, facts, code, status }: Refusal): Record<string, string> {
  if (!model.queryCompatible) return {};
  return { 'x-amzn-query-error': `${facts?.queryCode ?? code};${fault(status)}` };
}

export const fault = (status: number) => (status < 500 ? 'Sender' : 'Receiver');
