import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as ecs from '@aws-sdk/client-ecs';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Aws } from '../aws.ts';

/** Inputs of the stack. */
export interface StackParameters {
  /** Prefix of every name and value of every resource's tag; at most 12 characters. */
  readonly prefix: string;
  readonly region: string;
  readonly vpc: string;
  /** In at least two zones, with internet access. */
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly infrastructureRole: string;
  readonly executionRole: string;
  /** Has `sh` and busybox's `httpd`. */
  readonly image: string;
}

/** ARNs of the created resources, by their names in the template. */
export type Stack = Readonly<Record<string, string>>;

/**
 * Commands of the task definitions: `good` and `better` serve, `crash` exits after a second, `sick`
 * answers 404 to health checks.
 */
export const COMMANDS: Readonly<Record<string, string>> = {
  good: 'mkdir -p /www && echo good >/www/index.html && exec httpd -f -p 8080 -h /www',
  better: 'mkdir -p /www && echo better >/www/index.html && exec httpd -f -p 8080 -h /www',
  crash: 'sleep 1; exit 1',
  sick: 'mkdir -p /www && exec httpd -f -p 8080 -h /www',
};

interface Resource {
  readonly as: string;
  /** Creates one resource for each of these. `*` in `as` and in names is replaced by it. */
  readonly each?: readonly string[];
  readonly call: string;
  readonly input: unknown;
  /** Path of the ARN in the answer. */
  readonly keep?: string;
}

/** Creates the resources of template.json in order. Resources only refer to earlier ones. */
export async function createStack(
  aws: Aws,
  parameters: StackParameters,
  onProgress: (line: string) => void,
): Promise<Stack> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a file of this folder
  const resources = JSON.parse(
    readFileSync(join(import.meta.dirname, 'template.json'), 'utf8'),
  ) as Resource[];
  const made: Record<string, string> = {};
  for (const { as, each = [''], call, input, keep } of resources) {
    for (const one of each) {
      const answer = await send(aws, call, filled(input, { ...parameters, ...made }, one));
      if (keep !== undefined) made[as.replace('*', one)] = String(memberAt(answer, keep));
    }
    onProgress(`${call}${each.length > 1 ? ` ${each.join(', ')}` : ''}`);
  }
  return made;
}

const MODULES = { ecs, elb, logs };

async function send(aws: Aws, call: string, input: unknown): Promise<unknown> {
  const [service = '', operation = ''] = call.split(' ');
  if (service !== 'ecs' && service !== 'elb' && service !== 'logs') throw new Error(`no service ${service}`);
  const Command: unknown = Reflect.get(MODULES[service], `${operation}Command`);
  if (typeof Command !== 'function') throw new Error(`no operation ${call}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the template names an operation of this client
  const client = aws[service] as unknown as { send(command: unknown): Promise<unknown> };
  return client.send(Reflect.construct(Command, [input]));
}

/** Replaces references by their values, and flattens lists of lists. */
function filled(template: unknown, values: Readonly<Record<string, unknown>>, each: string): unknown {
  if (Array.isArray(template)) return template.flatMap((item) => filled(item, values, each));
  if (typeof template === 'object' && template !== null) {
    return Object.fromEntries(
      Object.entries(template).map(([name, value]) => [name, filled(value, values, each)]),
    );
  }
  if (typeof template !== 'string') return template;
  const valueOf = (name: string): unknown => {
    if (name === 'each') return /^\d+$/.test(each) ? Number(each) : each;
    if (name === 'command:each') return COMMANDS[each];
    const value = values[name.replace('*', each)];
    if (value === undefined) throw new Error(`The template refers to ${name}, which there is not.`);
    return value;
  };
  const whole = /^\$\{([^}]+)\}$/.exec(template)?.[1];
  if (whole !== undefined) return valueOf(whole);
  return template.replace(/\$\{([^}]+)\}/g, (_, name: string) => String(valueOf(name)));
}

function memberAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
      value,
    );
}
