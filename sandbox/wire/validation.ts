import type { NormalizedSchema } from '@smithy/core/schema';
import { LIST_LIMITS } from './list-limits.ts';
import { brokenTextLimits } from './text-limits.ts';

/**
 * Missing members and wrong types of an input, by its schema. Checked before the operation, as on
 * AWS.
 */
export interface Violations {
  /** Paths of missing required members: `tags.1.member.key`. */
  readonly missing: readonly string[];
  /** AWS's message about the first value of a wrong type; `null` when all are correct. */
  readonly mismatch: string | null;
  /**
   * Values that an enum does not have, lists that are too long, and texts of
   * the wrong length or characters.
   */
  readonly refused: readonly BrokenConstraint[];
}

export interface BrokenConstraint {
  /** `null` for a list. */
  readonly value: string | null;
  readonly path: string;
  /** In AWS's words: `Member must have length less than or equal to 100`. */
  readonly constraint: string;
}

/** The values of each member that is an enum, by structure and member. */
type Enums = ReadonlyMap<string, readonly string[]>;

export function validate(schema: NormalizedSchema, input: unknown, enums: Enums): Violations {
  const findings = [...violations(schema, input, { path: '', enums })];
  return {
    refused: findings.flatMap((finding) => ('refused' in finding ? finding.refused : [])),
    missing: findings.flatMap((finding) => ('missing' in finding ? finding.missing : [])),
    mismatch: findings.find((finding) => 'mismatch' in finding)?.mismatch ?? null,
  };
}

type Finding =
  { readonly missing: string } | { readonly mismatch: string } | { readonly refused: BrokenConstraint };

interface Position {
  readonly path: string;
  readonly enums: Enums;
  /** The values that are allowed here; absent: any. */
  readonly allowed?: readonly string[];
}

function* violations(schema: NormalizedSchema, value: unknown, at: Position): Generator<Finding> {
  const { path, allowed } = at;
  if (schema.isStructSchema() && isRecord(value)) {
    yield* structureViolations(schema, value, at);
  } else if (schema.isListSchema() && Array.isArray(value)) {
    for (const [index, item] of value.entries())
      yield* violations(schema.getValueSchema(), item, { ...at, path: `${path}.${index + 1}.member` });
  } else if (schema.isMapSchema() && isRecord(value)) {
    for (const [key, item] of Object.entries(value))
      yield* violations(schema.getValueSchema(), item, { ...at, path: `${path}.${key}.member` });
  } else {
    const expected = expectedKind(schema);
    if (expected !== null && kindOf(value) !== expected) yield { mismatch: mismatch(value, expected) };
    else if (allowed && !allowed.includes(String(value))) {
      yield {
        refused: {
          value: String(value),
          path,
          constraint: `Member must satisfy enum value set: [${allowed.join(', ')}]`,
        },
      };
    }
  }
}

function* structureViolations(
  schema: NormalizedSchema,
  structure: Record<string, unknown>,
  { path, enums }: Position,
): Generator<Finding> {
  const structureName = schema.getName()?.split('#').at(-1);
  let index = 0;
  for (const [name, member] of schema.structIterator()) {
    const here = path === '' ? lowerFirst(name) : `${path}.${lowerFirst(name)}`;
    const value = structure[name];
    const allowed = enums.get(`${structureName}.${name}`);
    const most = LIST_LIMITS.get(`${structureName}.${name}`);
    if (most !== undefined && Array.isArray(value) && value.length > most) {
      yield {
        refused: {
          value: null,
          path: here,
          constraint: `Member must have length less than or equal to ${most}`,
        },
      };
    }
    if (typeof value === 'string') {
      for (const constraint of brokenTextLimits(`${structureName}.${name}`, value))
        yield { refused: { value, path: here, constraint } };
    }
    if (value != null) yield* violations(member, value, { path: here, enums, ...(allowed && { allowed }) });
    else if (index < requiredCount(schema) && !member.isIdempotencyToken()) yield { missing: here };
    index += 1;
  }
}

/** The schema of a structure lists its required members first; its last element is their number. */
function requiredCount(schema: NormalizedSchema): number {
  const raw = schema.getSchema();
  const count: unknown = Array.isArray(raw) ? raw[6] : 0;
  return typeof count === 'number' ? count : 0;
}

const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

function isRecord(value: unknown): value is Record<string, unknown> {
  return kindOf(value) === 'Structure';
}

/** `null` when any type is allowed. */
function expectedKind(schema: NormalizedSchema): string | null {
  if (schema.isStringSchema()) return 'String';
  if (schema.isBooleanSchema()) return 'Boolean';
  if (schema.isNumericSchema()) return 'Number';
  if (schema.isTimestampSchema()) return 'Timestamp';
  if (schema.isListSchema()) return 'List';
  return schema.isStructSchema() || schema.isMapSchema() ? 'Structure' : null;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'List';
  if (value instanceof Date) return 'Timestamp';
  if (typeof value === 'object' && value !== null) return 'Structure';
  return value == null ? 'Null' : upperFirst(typeof value);
}

const upperFirst = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

function mismatch(value: unknown, expected: string): string {
  const given = kindOf(value);
  if (given === 'List') return 'Start of list found where not expected';
  if (given === 'Structure') return 'Start of structure or map found where not expected.';
  return `${given.toUpperCase()}_VALUE can not be converted to a ${expected}`;
}
