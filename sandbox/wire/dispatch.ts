import { sleep } from '../../src/core/time/clock.ts';
import type { Clock } from '../../src/core/time/clock.ts';
import type { Fault, Faults } from '../faults/faults.ts';
import { NO_GUARD, type Guard } from '../iam/guard.ts';
import { NO_LIMITS, type Limits } from '../limits/limits.ts';
import { accessDenied, denied } from './access-denied.ts';
import { anonymous, callerOf, isUnsigned, signedAtAnotherTime } from './caller.ts';
import type { WireReply, WireRequest } from './message.ts';
import { models } from './model.ts';
import type { Model } from './model.ts';
import { Malformed } from './protocol.ts';
import { recognise } from './recognise.ts';
import type { Call } from './recognise.ts';
import {
  internalFailure,
  invalidInput,
  malformedInput,
  notImplemented,
  throttled,
  toRefusal,
} from './refusals.ts';
import { AwsError } from './service.ts';
import type { Caller, Service } from './service.ts';
import { validate } from './validation.ts';

/**
 * Services over AWS's wire protocols. `listen` serves them on a port, `inProcess` to an SDK client
 * in this process.
 */
export interface Wire {
  /** `dropped`: close the connection without an answer. Never rejects. */
  answer(request: WireRequest): Promise<WireReply | 'dropped'>;
  /** The last ten thousand calls, oldest first. */
  readonly calls: readonly CallRecord[];
  readonly faults: Faults;
}

export interface CallRecord {
  readonly service: Service['name'];
  readonly operation: string;
  readonly at: number;
  /** 0: the connection was dropped. */
  readonly status: number;
  /** The error code; `null` when the call succeeded or was dropped. */
  readonly error: string | null;
}

export interface WireOptions {
  readonly services: readonly Service[];
  readonly faults: Faults;
  /** Default: none. */
  readonly limits?: Limits;
  /** By default, everything is allowed. */
  readonly guard?: Guard;
  readonly clock: Clock;
  readonly account: string;
  /** Whether these keys are of an expired session. By default, none are. */
  readonly hasEnded?: (accessKeyId: string) => boolean;
  /**
   * Whether a signature whose time differs by more than five minutes is refused. Default: false.
   */
  readonly checksTime?: boolean;
  /**
   * Called with every error of an operation that is not an AwsError, which is a bug of the sandbox.
   */
  readonly onFailure: (error: unknown) => void;
}

/** Whether a fault can apply to the operation. */
export function knowsOperation(service: string, operation: string): boolean {
  return models.some(
    (model) =>
      (service === '*' || service === model.name) && (operation === '*' || model.operations.has(operation)),
  );
}

const CALLS_KEPT = 10_000;

export function createWire(options: WireOptions): Wire {
  const { services, faults, limits = NO_LIMITS, guard = NO_GUARD, clock, account, onFailure } = options;
  const { hasEnded = () => false } = options;
  const calls: CallRecord[] = [];
  let answered = 0;

  async function answer(request: WireRequest): Promise<WireReply | 'dropped'> {
    const reply = await answerTo(request);
    if (reply === 'dropped') return reply;
    return { ...reply, headers: { ...reply.headers, date: new Date(clock.now()).toUTCString() } };
  }

  async function answerTo(request: WireRequest): Promise<WireReply | 'dropped'> {
    const call = recognise(request);
    if (!call) return unrecognised(request);
    const { model, operation, protocol } = call;
    const requestId = `00000000-0000-4000-8000-${String((answered += 1)).padStart(12, '0')}`;
    const fault = faults.strike(model.name, operation);
    if (fault && fault.delay > 0) await sleep(clock, fault.delay);

    const record = (status: number, error: string | null) => {
      calls.push({ service: model.name, operation, at: clock.now(), status, error });
      if (calls.length > CALLS_KEPT) calls.shift();
    };
    const result = fault?.drop === 'before' ? 'dropped' : await perform({ request, call, fault, requestId });
    if (result === 'dropped' || fault?.drop === 'after') {
      record(0, null);
      return 'dropped';
    }
    if (result instanceof AwsError) {
      const refusal = toRefusal(result, model, protocol);
      record(refusal.status, refusal.code);
      return protocol.refuse(refusal, requestId);
    }
    record(result.status, null);
    return result;
  }

  async function perform({ request, call, fault, requestId }: Attempt): Promise<WireReply | AwsError> {
    const { model, operation, protocol } = call;
    try {
      const caller = isUnsigned(operation) ? anonymous(account) : callerOf(request, account, hasEnded);
      if (caller instanceof AwsError) return caller;
      const skewed = options.checksTime && signedAtAnotherTime(request, model, clock.now());
      if (skewed) return skewed;
      if (!limits.admits({ service: model.name, operation, caller })) return throttled();
      const schema = model.operations.get(operation);
      const run = services.find(({ name }) => name === model.name)?.operations[operation];
      if (!schema || !run) return notImplemented(model, operation);
      const input = await protocol.decode(schema);
      if (fault?.error) return injected(fault, { model, operation, input, caller });
      const refused = guard.refuses({ service: model.name, operation, input, caller });
      if (refused) return new AwsError('AccessDeniedException', denied(refused, account));
      const invalid = invalidInput(model, validate(schema.input, input, model.enums));
      return invalid ?? protocol.encode(schema, await run(input, withFault(caller, fault)), requestId);
    } catch (error) {
      if (error instanceof AwsError) return error;
      if (error instanceof Malformed) return malformedInput(error.message);
      onFailure(error);
      return internalFailure(`${model.name} ${operation}`, error);
    }
  }

  return { answer, calls, faults };
}

const withFault = (caller: Caller, fault: Fault | null): Caller =>
  fault?.metrics ? { ...caller, metrics: fault.metrics } : caller;

interface Attempt {
  readonly request: WireRequest;
  readonly call: Call;
  readonly fault: Fault | null;
  readonly requestId: string;
}

function injected(
  { error, message, status }: Fault,
  call: { model: Model; operation: string; input: unknown; caller: Caller },
): AwsError {
  const denied = error === 'AccessDeniedException' || error === 'AccessDenied';
  const words =
    message ?? (denied ? accessDenied(call) : `A fault of the sandbox requested the error ${error}.`);
  return new AwsError(denied ? 'AccessDeniedException' : (error ?? 'InternalFailure'), words, status);
}

function unrecognised({ method, path }: WireRequest): WireReply {
  const message = `${method} ${path} is not a call of a service of the sandbox. It has ${models.map(({ name }) => name).join(', ')}.`;
  return {
    status: 404,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ __type: 'UnknownOperationException', message }),
  };
}
