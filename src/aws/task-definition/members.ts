import type { NormalizedSchema } from '@smithy/core/schema';
import { isObject } from '../../core/is-object.ts';
import { nearest } from '../../core/did-you-mean.ts';
import { InvalidTaskDefinition } from '../../core/task-definition/invalid.ts';
import type { WrittenTaskDefinition } from '../../core/task-definition/parse.ts';

/**
 * Throws InvalidTaskDefinition if a member, at any depth, is unknown to the SDK or has the
 * wrong type. The SDK would drop unknown members silently. The known members come from the SDK's
 * schemas, which are loaded for this.
 */
export async function checkMembers(definition: WrittenTaskDefinition): Promise<void> {
  const [{ RegisterTaskDefinitionRequest$, TaskDefinition$ }, { NormalizedSchema }] = await Promise.all([
    import('../sdk/ecs.ts'),
    import('../sdk/schema.ts'),
  ]);
  const registers = NormalizedSchema.of(RegisterTaskDefinitionRequest$);
  const onlyRead = new Set(Object.keys(NormalizedSchema.of(TaskDefinition$).getMemberSchemas()));
  for (const name of Object.keys(registers.getMemberSchemas())) onlyRead.delete(name);
  const written = Object.fromEntries(Object.entries(definition).filter(([name]) => !onlyRead.has(name)));
  const problems = problemsOf(written, registers, '');
  if (problems.length > 0) {
    throw new InvalidTaskDefinition(
      problems.join('; '),
      'correct the file, or remove these members; if ECS has added one, use a newer version of ecs-ramp',
    );
  }
}

function problemsOf(value: unknown, schema: NormalizedSchema, path: string): readonly string[] {
  if (value === null) return [];
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return [`${path} must be a list`];
    return value.flatMap((entry, index) => problemsOf(entry, schema.getValueSchema(), `${path}[${index}]`));
  }
  if (schema.isStructSchema() || schema.isMapSchema()) {
    if (!isObject(value)) return [`${path} must be an object`];
    const members = schema.isStructSchema() ? schema.getMemberSchemas() : null;
    return Object.entries(value).flatMap(([name, member]) => {
      const at = path === '' ? name : `${path}.${name}`;
      if (members === null) return problemsOf(member, schema.getValueSchema(), at);
      const known = Object.hasOwn(members, name) ? members[name] : undefined;
      return known === undefined
        ? [unknown(at, nearest(name, Object.keys(members)))]
        : problemsOf(member, known, at);
    });
  }
  const wanted = schema.isNumericSchema() ? 'number' : schema.isBooleanSchema() ? 'boolean' : 'string';
  return typeof value === wanted ? [] : [`${path} is a ${typeof value} and must be a ${wanted}`];
}

function unknown(path: string, meant: string | null): string {
  return `ecs-ramp does not know ${path}${meant === null ? '' : ` (did you mean ${meant}?)`}`;
}
