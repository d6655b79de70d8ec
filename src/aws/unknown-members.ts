import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import type { NormalizedSchema } from '@smithy/core/schema';
import { isObject } from '../core/is-object.ts';
import type { SdkPlugin } from './aws-time.ts';

/** Reads whose answers are sent back, and the calls that send them. */
const KEPT: ReadonlySet<string> = new Set([
  'DescribeTaskDefinitionCommand',
  'RegisterTaskDefinitionCommand',
  'DescribeServicesCommand',
  'UpdateServiceCommand',
]);

/**
 * Middleware for the client of ECS. The SDK drops members that are newer than itself, so a task
 * definition that is read and registered again would lose them. This adds them to the output as AWS
 * sent them, and sends those that an input has.
 */
export const keepingUnknownMembers: SdkPlugin = {
  applyToStack(stack) {
    const bodies = new WeakMap<object, Uint8Array>();
    stack.add(
      (next: Next, context: Context): Next =>
        async (call) => {
          const answer = await next(call);
          const { response } = answer;
          if (!KEPT.has(context.commandName) || response.body === undefined) return answer;
          const body = response.body instanceof Uint8Array ? response.body : await buffer(response.body);
          bodies.set(response, body);
          response.body = body;
          return answer;
        },
      { step: 'deserialize', priority: 'low', name: 'readsBody', override: true },
    );
    stack.add(
      (next: Next, context: Context): Next =>
        async (call) => {
          const answer = await next(call);
          const body = bodies.get(answer.response);
          if (body === undefined) return answer;
          const raw: unknown = JSON.parse(textOf(body) || '{}');
          return { ...answer, output: completed(answer.output, raw, await schemaIn(context, 'output')) };
        },
      { step: 'deserialize', priority: 'high', name: 'addsUnknownMembers', override: true },
    );
    stack.add(
      (next: Next, context: Context): Next =>
        async (call) => {
          const { request, input } = call;
          const body = request?.body;
          if (!KEPT.has(context.commandName) || request === undefined || !isText(body)) return next(call);
          const schema = await schemaIn(context, 'input');
          if (unknownMembersIn(input, schema).length === 0) return next(call);
          const written: unknown = JSON.parse(textOf(body));
          request.body = Buffer.from(JSON.stringify(completed(written, input, schema)));
          return next(call);
        },
      { step: 'serialize', priority: 'low', name: 'sendsUnknownMembers', override: true },
    );
  },
};

function isText(body: unknown): body is string | Uint8Array {
  return typeof body === 'string' || body instanceof Uint8Array;
}

/** The SDK warns when its bytes are used as text in other ways. */
function textOf(body: string | Uint8Array): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}

interface Call {
  readonly input: unknown;
  readonly request?: { body?: unknown };
}
interface Answer {
  readonly response: { body?: Readable | Uint8Array };
  readonly output: unknown;
}
type Next = (call: Call) => Promise<Answer>;

interface Context {
  readonly commandName: string;
}

/** Of the operation that is called. */
async function schemaIn(context: Context, which: 'input' | 'output'): Promise<NormalizedSchema> {
  const [{ getSmithyContext }, { NormalizedSchema }] = await Promise.all([
    import('./sdk/transport.ts'),
    import('./sdk/schema.ts'),
  ]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the context of a call, and the tuple that the SDK makes
  const { operationSchema } = getSmithyContext(context) as { operationSchema: readonly never[] };
  return NormalizedSchema.of(operationSchema[which === 'input' ? 4 : 5]!);
}

/** `value` with the members of `source` that its schema does not know, at any depth. Pure. */
export function completed(value: unknown, source: unknown, schema: NormalizedSchema): unknown {
  if (schema.isListSchema() && Array.isArray(value) && Array.isArray(source)) {
    const sources: readonly unknown[] = source;
    // Without an entry for each, it is not known which belong together.
    if (sources.length !== value.length) return value;
    return value.map((entry: unknown, index) => completed(entry, sources[index], schema.getValueSchema()));
  }
  if (!schema.isStructSchema() || !isObject(value) || !isObject(source)) return value;
  const members = schema.getMemberSchemas();
  const result: Record<string, unknown> = { ...value };
  for (const [name, member] of Object.entries(source)) {
    const known = Object.hasOwn(members, name) ? members[name] : undefined;
    if (known !== undefined) {
      if (result[name] !== undefined) result[name] = completed(result[name], member, known);
    } else if (member !== null && member !== undefined) result[name] = member;
  }
  return result;
}

/** The paths of the members that the schema does not know: `containerDefinitions[0].new`. Pure. */
export function unknownMembersIn(value: unknown, schema: NormalizedSchema, path = ''): readonly string[] {
  if (schema.isListSchema() && Array.isArray(value)) {
    return value.flatMap((entry, index) =>
      unknownMembersIn(entry, schema.getValueSchema(), `${path}[${index}]`),
    );
  }
  if (!schema.isStructSchema() || !isObject(value)) return [];
  const members = schema.getMemberSchemas();
  return Object.entries(value).flatMap(([name, member]) => {
    const at = path === '' ? name : `${path}.${name}`;
    const known = Object.hasOwn(members, name) ? members[name] : undefined;
    if (known !== undefined) return unknownMembersIn(member, known, at);
    return member === undefined || member === null ? [] : [at];
  });
}
