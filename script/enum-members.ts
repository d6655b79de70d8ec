import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The clients of the services that the sandbox has. */
const CLIENTS = [
  'acm',
  'application-auto-scaling',
  'auto-scaling',
  'cloudwatch',
  'cloudwatch-logs',
  'ecr',
  'ecs',
  'elastic-load-balancing-v2',
  'service-quotas',
  'sts',
] as const;

/**
 * For each client, the enum of each member of a structure: `CreateServiceRequest.launchType` has
 * LaunchType. The SDK's schemas lack this at run time, so it is read from its type declarations.
 */
export function enumMembers(root: string): string {
  const all = CLIENTS.map((client) => {
    const folder = join(root, 'node_modules/@aws-sdk', `client-${client}`, 'dist-types/models');
    const models = readdirSync(folder).filter((name) => /^models_\d+\.d\.ts$/.test(name));
    const members = models.flatMap((name) => membersOf(readFileSync(join(folder, name), 'utf8')));
    const enums = enumsOf(folder);
    return [client, Object.fromEntries(members.filter(([, type]) => enums.has(type)))] as const;
  });
  return `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`;
}

function enumsOf(folder: string): ReadonlySet<string> {
  if (!readdirSync(folder).includes('enums.d.ts')) return new Set();
  const text = readFileSync(join(folder, 'enums.d.ts'), 'utf8');
  return new Set([...text.matchAll(/^export declare const (\w+)/gm)].map(([, name]) => name!));
}

function membersOf(text: string): (readonly [string, string])[] {
  return [...text.matchAll(/^export interface (\w+)[^\n]*\{\n(.*?)^\}/gms)].flatMap(([, structure, body]) =>
    [...body!.matchAll(/^ {4}(\w+)\??: (\w+)(?:\[\])? \| undefined;$/gm)].map(
      ([, member, type]) => [`${structure}.${member}`, type!] as const,
    ),
  );
}
