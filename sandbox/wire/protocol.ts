import type { WireReply } from './message.ts';
import type { ErrorFacts, Model, OperationSchema } from './model.ts';

/** The server side of a wire protocol for one request. */
export interface Protocol {
  /** Selects the names of common errors: `AccessDeniedException`, or `AccessDenied` in query. */
  readonly dialect: 'json' | 'query';
  /** The body of the request in the SDK's shape. Throws Malformed when it cannot be read. */
  decode(operation: OperationSchema): Promise<unknown>;
  encode(operation: OperationSchema, output: unknown, requestId: string): WireReply;
  refuse(refusal: Refusal, requestId: string): WireReply;
}

/** An error to send, with the code and status of the protocol. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly model: Model;
  /** `null` for an error that is not in the service's model, such as common errors. */
  readonly facts: ErrorFacts | null;
  /** Additional members of the modelled error. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The body is not a valid input of the operation. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** Clients of services that used the query protocol read its error code from this header. */
export function queryErrorHeader({ model, facts, code, status }: Refusal): Record<string, string> {
  if (!model.queryCompatible) return {};
  return { 'x-amzn-query-error': `${facts?.queryCode ?? code};${fault(status)}` };
}

export const fault = (status: number) => (status < 500 ? 'Sender' : 'Receiver');
