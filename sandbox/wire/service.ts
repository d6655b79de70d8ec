import type { MetricFault } from '../faults/faults.ts';

/** One AWS service of the sandbox: operations by name, on the shapes that the AWS SDK has in its types. */
export interface Service {
  /** As in the SDK's package name: client-`ecs`. */
  readonly name:
    | 'ecs'
    | 'ecr'
    | 'elastic-load-balancing-v2'
    | 'cloudwatch'
    | 'cloudwatch-logs'
    | 'sts'
    | 'application-auto-scaling';
  /** `UpdateService` and so on. One that is missing is answered with what AWS says to an unknown operation. */
  readonly operations: Readonly<Record<string, Operation>>;
}

/** Takes a decoded request, returns the reply's shape; refuses by throwing an AwsError. Dates are Date, blobs Uint8Array. */
// oxlint-disable-next-line typescript/no-explicit-any -- each operation narrows its input with the SDK's own type
export type Operation = (input: any, caller: Caller) => unknown;

export interface Caller {
  readonly account: string;
  readonly region: string;
  readonly accessKeyId: string;
  /** What is to be wrong with the metrics that this call reads. */
  readonly metrics?: MetricFault;
}

/** A refusal as AWS words it: `new AwsError('ServiceNotFoundException', 'Service not found.')`. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Further members of the modelled error, if it has any. */
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, fields: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.fields = fields;
  }
}
