import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as ecs from '@aws-sdk/client-ecs';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Aws } from '../aws.ts';

/** What the stack is made in, and of. */
export interface StackParameters {
  /** Of every name, and the value of the tag that everything carries; at most 12 characters. */
  readonly prefix: string;
  readonly region: string;
  readonly vpc: string;
  /** In two zones at least, with a way to the internet. */
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly infrastructureRole: string;
  readonly executionRole: string;
  /** Has `sh` and busybox's `httpd`. */
  readonly image: string;
}

/** What was made, by the names of the template: ARNs. */
export type Stack = Readonly<Record<string, string>>;

/** What the versions of the stack's service do: serve, the same once more, exit after a while, and answer 404 to the health check. */
export const COMMANDS: Readonly<Record<string, string>> = {
  good: 'mkdir -p /www && echo good >/www/index.html && exec httpd -f -p 8080 -h /www',
  better: 'mkdir -p /www && echo better >/www/index.html && exec httpd -f -p 8080 -h /www',
  crash: 'sleep 1; exit 1',
  sick: 'mkdir -p /www && exec httpd -f -p 8080 -h /www',
};

interface Resource {
  readonly as: string;
  /** One for each of these; `*` in `as` and in names stands for it. */
  readonly each?: readonly string[];
  readonly call: string;
  readonly input: unknown;
  /** Where in the answer its ARN is. */
  readonly keep?: string;
}

/** Makes what template.json says, in its order; what it refers to has been made before. Tells each as it is made. */
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

/** A string that is only a reference becomes what it refers to, a list of lists its flat. */
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
