import type { Model } from './model.ts';
import type { Protocol, Refusal } from './protocol.ts';
import type { BrokenConstraint, Violations } from './validation.ts';
import { AwsError } from './service.ts';

/**
 * The refusals that all services have before the operation is called, in each service's wording.
 */

/** `null` when the input is valid. */
export function invalidInput(model: Model, { missing, mismatch, refused }: Violations): AwsError | null {
  if (mismatch !== null) return malformedInput(mismatch);
  const first = missing[0];
  if (first === undefined) return refused.length === 0 ? null : constraintViolation(model, refused);
  const complaints = missing.map(
    (path) => `Value null at '${path}' failed to satisfy constraint: Member must not be null`,
  );
  return complaint[model.name](first, inOne(complaints));
}

function inOne(complaints: readonly string[]): string {
  const plural = complaints.length === 1 ? 'error' : 'errors';
  return `${complaints.length} validation ${plural} detected: ${complaints.join('; ')}`;
}

function constraintViolation({ name }: Model, broken: readonly BrokenConstraint[]): AwsError {
  const [first] = broken;
  if (name === 'ecr' && first) return invalidInEcr(first);
  const complaints = broken.map(({ value, path, constraint }) => {
    const what = value === null ? 'Value' : `Value '${value}'`;
    return `${what} at '${path}' failed to satisfy constraint: ${constraint}`;
  });
  return new AwsError(CODE_OF_CONSTRAINT[name], inOne(complaints));
}

function invalidInEcr({ path, constraint }: Pick<BrokenConstraint, 'path' | 'constraint'>): AwsError {
  return new AwsError(
    'InvalidParameterException',
    `Invalid parameter at '${path}' failed to satisfy constraint: '${constraint}'`,
  );
}

const CODE_OF_CONSTRAINT: Readonly<Record<Model['name'], string>> = {
  acm: 'ValidationException',
  ec2: 'InvalidParameterValue',
  ecs: 'InvalidParameterException',
  ecr: 'InvalidParameterException',
  cloudwatch: 'InvalidParameterValue',
  'cloudwatch-logs': 'InvalidParameterException',
  'auto-scaling': 'ValidationError',
  'application-auto-scaling': 'ValidationException',
  'elastic-load-balancing-v2': 'ValidationError',
  'service-quotas': 'IllegalArgumentException',
  sts: 'ValidationError',
};

/** By service: the error about the first missing member, or about all. */
const complaint: Readonly<Record<Model['name'], (first: string, all: string) => AwsError>> = {
  acm: (_, all) => new AwsError('ValidationException', all),
  ec2: (first) =>
    new AwsError('MissingParameter', `The request must contain the parameter ${upperFirst(first)}`),
  ecs: (first) => new AwsError('InvalidParameterException', `${upperFirst(first)} can not be blank.`),
  ecr: (path) => invalidInEcr({ path, constraint: 'Member must not be null' }),
  cloudwatch: (first) =>
    new AwsError('MissingRequiredParameterException', `The parameter ${upperFirst(first)} is required.`),
  'cloudwatch-logs': (_, all) => new AwsError('InvalidParameterException', all),
  'auto-scaling': (_, all) => new AwsError('ValidationError', all),
  'application-auto-scaling': (_, all) => new AwsError('ValidationException', all),
  'elastic-load-balancing-v2': (_, all) => new AwsError('ValidationError', all),
  'service-quotas': (_, all) => new AwsError('IllegalArgumentException', all),
  sts: (_, all) => new AwsError('ValidationError', all),
};

export const malformedInput = (message: string) => new AwsError('SerializationException', message);

export const notImplemented = (model: Model, operation: string) =>
  new AwsError('UnknownOperationException', `The sandbox has no ${model.actionPrefix}:${operation}.`);

export const unsigned = () =>
  new AwsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token');

export const expiredToken = () =>
  new AwsError('ExpiredTokenException', 'The security token included in the request is expired');

export function skewedSignature(
  { name }: Model,
  { text, isLate, now }: { readonly text: string; readonly isLate: boolean; readonly now: number },
): AwsError {
  const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const message = isLate
    ? `Signature expired: ${text} is now earlier than the earliest time that is accepted at ${time}`
    : `Signature not yet current: ${text} is still later than the latest time that is accepted at ${time}`;
  return name === 'elastic-load-balancing-v2' || name === 'sts'
    ? new AwsError('SignatureDoesNotMatch', message, 403)
    : new AwsError('InvalidSignatureException', message);
}

export const throttled = () => new AwsError('ThrottlingException', 'Rate exceeded');

export const internalFailure = (operation: string, error: unknown) =>
  new AwsError('InternalFailure', `The sandbox failed in ${operation}: ${String(error)}`, 500);

const upperFirst = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

/** In the query protocol, common errors have other names and statuses. */
const inQuery = new Map<string, readonly [code: string, status: number]>([
  ['AccessDeniedException', ['AccessDenied', 403]],
  ['ExpiredTokenException', ['ExpiredToken', 403]],
  ['MissingAuthenticationTokenException', ['MissingAuthenticationToken', 403]],
  ['SerializationException', ['MalformedInput', 400]],
  ['ThrottlingException', ['Throttling', 400]],
  ['UnknownOperationException', ['InvalidAction', 400]],
]);

/** Gives the error the name for the protocol, from a shape name or a query code. */
export function toRefusal(error: AwsError, model: Model, protocol: Protocol): Refusal {
  const facts = model.errors.get(error.code) ?? null;
  const rest = { message: error.message, model, facts, fields: error.fields };
  if (protocol.dialect === 'json') return { ...rest, code: facts?.shape ?? error.code, status: error.status };
  const common = inQuery.get(error.code);
  if (common) return { ...rest, code: common[0], status: common[1] };
  return { ...rest, code: facts?.queryCode ?? error.code, status: facts?.status ?? error.status };
}
