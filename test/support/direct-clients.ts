// AWS clients that call the sandbox's operations directly. Nothing is encoded, signed or sent, so a
// simulated rollout takes milliseconds.
import { types } from 'node:util';
import type { DescribeInstanceTypesResult, DescribeSubnetsResult } from '@aws-sdk/client-ec2';
import type { Ec2 } from '../../src/aws/ec2.ts';
import type { Clients } from '../../src/aws/clients.ts';
import { explained } from '../../src/aws/explain.ts';
import { sleep, type Clock } from '../../src/core/time/clock.ts';
import type { Fault, Faults } from '../../sandbox/faults/faults.ts';
import { models } from '../../sandbox/wire/model.ts';
import { AwsError, type Service } from '../../sandbox/wire/service.ts';

/** Receives each call of a simulated process. It may perform the call or let it hang. */
export type Gate = (call: Call, perform: () => Promise<unknown>) => Promise<unknown>;

export interface Call {
  readonly service: Service['name'];
  readonly operation: string;
  readonly input: unknown;
}

export interface DirectOptions {
  readonly services: readonly Service[];
  readonly clock: Clock;
  /** `null`: no faults. */
  readonly faults: Faults | null;
  /** Randomizes the waits before retries. */
  readonly random: () => number;
  readonly gate: Gate;
  readonly account: string;
  readonly region: string;
}

/** Errors have the shape of the SDK's errors. Retries follow the SDK's rules on the given clock. */
export function createDirectClients(options: DirectOptions): Clients {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only the two members that the code uses
  const client = (name: Service['name']) => async () => lookAlike(name, options) as never;
  return {
    acm: client('acm'),
    applicationAutoScaling: client('application-auto-scaling'),
    autoScaling: client('auto-scaling'),
    ec2: async () => ec2Of(lookAlike('ec2', options)),
    ecs: client('ecs'),
    serviceQuotas: client('service-quotas'),
    ecr: client('ecr'),
    elasticLoadBalancing: client('elastic-load-balancing-v2'),
    cloudWatch: client('cloudwatch'),
    cloudWatchLogs: client('cloudwatch-logs'),
  };
}

class DescribeSubnetsCommand {
  readonly input: object;

  constructor(input: object) {
    this.input = input;
  }
}
class DescribeInstanceTypesCommand extends DescribeSubnetsCommand {}

/** Without the SDK's client of EC2, which takes a second to load. */
function ec2Of(client: ReturnType<typeof lookAlike>): Ec2 {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller names the output of the operation
  const send = async <T>(command: DescribeSubnetsCommand) => (await client.send(command)) as T;
  return {
    async describeSubnets(ids) {
      const command = new DescribeSubnetsCommand({ SubnetIds: [...ids] });
      return (await send<DescribeSubnetsResult>(command)).Subnets ?? [];
    },
    async describeInstanceTypes(types) {
      const command = new DescribeInstanceTypesCommand({ InstanceTypes: [...types] });
      return (await send<DescribeInstanceTypesResult>(command)).InstanceTypes ?? [];
    },
  };
}

/** The same as in `createClients`. */
const MOST_TRIES = 6;

function lookAlike(name: Service['name'], options: DirectOptions) {
  const { services, clock, faults, random, gate, account, region } = options;
  const operations = services.find((service) => service.name === name)?.operations ?? {};
  const caller = { account, region, accessKeyId: 'AKIATEST' };

  async function once(call: Call): Promise<unknown> {
    const fault = faults?.strike(name, call.operation);
    if (fault && fault.delay > 0) await sleep(clock, fault.delay);
    if (fault?.drop === 'before') throw reset();
    if (fault?.error) throw injected(name, fault);
    const output = await gate(call, async () => {
      const run = operations[call.operation];
      if (!run) throw new Error(`The sandbox has no ${name} ${call.operation}.`);
      try {
        return copy(await run(copy(call.input), caller));
      } catch (error) {
        throw error instanceof AwsError ? told(name, error) : error;
      }
    });
    if (fault?.drop === 'after') throw reset();
    return output;
  }

  return {
    config: { region: async () => region },
    async send(
      command: { readonly constructor: { readonly name: string }; readonly input: object },
      { abortSignal }: { readonly abortSignal?: AbortSignal } = {},
    ): Promise<unknown> {
      const operation = command.constructor.name.replace(/Command$/, '');
      for (let tries = 1; ; tries++) {
        if (abortSignal?.aborted) throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
        try {
          return (await once({ service: name, operation, input: command.input })) ?? {};
        } catch (error) {
          const base = waitAfter(error);
          if (error instanceof Error && '$metadata' in error)
            Object.assign(error.$metadata!, { attempts: tries });
          if (base === null || tries === MOST_TRIES)
            throw explained(error, `${PREFIXES[name]}:${operation}`, command.input);
          await sleep(clock, Math.min(20_000, random() * base * 2 ** (tries - 1)));
        }
      }
    },
  };
}

/** IAM's action prefixes. */
const PREFIXES: Readonly<Record<string, string>> = {
  acm: 'acm',
  'application-auto-scaling': 'application-autoscaling',
  'auto-scaling': 'autoscaling',
  ec2: 'ec2',
  'service-quotas': 'servicequotas',
  ecs: 'ecs',
  ecr: 'ecr',
  'elastic-load-balancing-v2': 'elasticloadbalancing',
  cloudwatch: 'cloudwatch',
  'cloudwatch-logs': 'logs',
};

/** Milliseconds; `null` if the call is not retried. */
function waitAfter(error: unknown): number | null {
  if (!(error instanceof Error)) return null;
  if (error.name.startsWith('Throttling')) return 500;
  return error.name === 'TimeoutError' || ('$fault' in error && error.$fault === 'server') ? 100 : null;
}

function reset(): Error {
  return Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
}

function injected(name: Service['name'], { error, message, status }: Fault): Error {
  return told(name, new AwsError(error!, message ?? 'injected fault', status));
}

function told(name: Service['name'], { code, message, status }: AwsError): Error {
  const shape = models.find((model) => model.name === name)?.errors.get(code)?.shape ?? code;
  return Object.assign(new Error(message), {
    name: shape,
    $fault: status >= 500 ? 'server' : 'client',
    $metadata: { httpStatusCode: status },
  });
}

/** Copies as encoding would: nothing is shared, and undefined members are dropped. */
function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  // Fast path: metrics have thousands of numbers.
  if (Array.isArray(value)) return typeof value[0] === 'number' ? value.slice() : value.map(copy);
  // Not `instanceof`: under Jest, structuredClone returns dates of another realm.
  if (types.isDate(value)) return new Date(value.getTime());
  if (types.isUint8Array(value)) return value.slice();
  const copied: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one of its own keys
    const member = value[key as keyof typeof value];
    if (member !== undefined) copied[key] = copy(member);
  }
  return copied;
}
