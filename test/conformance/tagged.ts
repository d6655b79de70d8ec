import type { Mark } from './mark.ts';

/** The tags member of each operation that creates a resource, and its value. */
const TAKES: Readonly<Record<string, (mark: Mark) => readonly [member: string, tags: unknown]>> = {
  CreateCluster: lowerCase,
  RegisterTaskDefinition: lowerCase,
  CreateService: lowerCase,
  CreateRepository: (mark) => ['tags', [upperCase(mark)]],
  CreateLoadBalancer: (mark) => ['Tags', [upperCase(mark)]],
  CreateTargetGroup: (mark) => ['Tags', [upperCase(mark)]],
  CreateListener: (mark) => ['Tags', [upperCase(mark)]],
  CreateRule: (mark) => ['Tags', [upperCase(mark)]],
  PutMetricAlarm: (mark) => ['Tags', [upperCase(mark)]],
  PutCompositeAlarm: (mark) => ['Tags', [upperCase(mark)]],
  CreateRole: (mark) => ['Tags', [upperCase(mark)]],
  CreateLogGroup: ({ key, value }) => ['tags', { [key]: value }],
  CreateSecurityGroup: (mark) => [
    'TagSpecifications',
    [{ ResourceType: 'security-group', Tags: [upperCase(mark)] }],
  ],
};

function lowerCase({ key, value }: Mark) {
  return ['tags', [{ key, value }]] as const;
}

const upperCase = ({ key, value }: Mark) => ({ Key: key, Value: value });

/** Makes a client add the tag to everything it creates, in addition to other tags. */
export function taggedWith(mark: Mark, client: { readonly middlewareStack: object }): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each client types its stack by its own commands
  const stack = client.middlewareStack as { readonly add: AddMiddleware };
  stack.add(
    (next, { commandName }) =>
      (call) => {
        const takes = TAKES[commandName.replace(/Command$/, '')];
        return next(takes ? { ...call, input: withTags(call.input, takes(mark)) } : call);
      },
    { step: 'initialize', name: 'mark' },
  );
}

/** Reports the start and the end of each call, so that a virtual clock can wait for them. */
export function watchedBy(watch: Watch, client: { readonly middlewareStack: object }): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each client types its stack by its own commands
  const stack = client.middlewareStack as { readonly add: AddMiddleware };
  stack.add(
    (next) => async (call) => {
      watch.begun();
      try {
        return await next(call);
      } finally {
        watch.ended();
      }
    },
    { step: 'initialize', name: 'watch' },
  );
}

export interface Watch {
  readonly begun: () => void;
  readonly ended: () => void;
}

type Call = { readonly input: object };
type Next = (call: Call) => Promise<unknown>;
type AddMiddleware = (
  middleware: (next: Next, context: { readonly commandName: string }) => Next,
  options: { readonly step: 'initialize'; readonly name: string },
) => void;

function withTags(input: object, [member, tags]: readonly [string, unknown]): object {
  const given: unknown = Object.entries(input).find(([name]) => name === member)?.[1];
  const all =
    Array.isArray(given) && Array.isArray(tags) ? [...(given as unknown[]), ...(tags as unknown[])] : tags;
  return { ...input, [member]: all };
}
