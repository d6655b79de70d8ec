import type { MetricFault } from '../faults/faults.ts';

/** An AWS service of the sandbox: operations by name, with the shapes of the AWS SDK's types. */
export interface Service {
  /** The service in the name of the SDK's package: client-`ecs`. */
  readonly name:
    | 'acm'
    | 'ec2'
    | 'ecs'
    | 'ecr'
    | 'elastic-load-balancing-v2'
    | 'cloudwatch'
    | 'cloudwatch-logs'
    | 'service-quotas'
    | 'sts'
    | 'application-auto-scaling'
    | 'auto-scaling';
  /**
   * By name, such as `UpdateService`. A missing one is answered with AWS's error for an unknown
   * operation.
   */
  readonly operations: Readonly<Record<string, Operation>>;
}

/**
 * Takes a decoded request and returns the shape of the reply, or throws an AwsError. Dates are
 * Date, blobs Uint8Array.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- each operation narrows its input with the SDK's own type
export type Operation = (input: any, caller: Caller) => unknown;

export interface Caller {
  readonly account: string;
  readonly region: string;
  readonly accessKeyId: string;
  /** The fault in the metrics that this call reads. */
  readonly metrics?: MetricFault;
}

/**
 * A refusal with AWS's message: `new AwsError('ServiceNotFoundException', 'Service not found.')`.
 */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Additional members of the modelled error, if any. */
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, fields: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.fields = fields;
  }
}
