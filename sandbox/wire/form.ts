import type { NormalizedSchema } from '@smithy/core/schema';
import { Malformed } from './protocol.ts';

/**
 * Form fields of the query protocol (`Actions.member.1.Type=forward`) in the shape that the schema
 * describes.
 */
export function readForm(schema: NormalizedSchema, parameters: URLSearchParams): unknown {
  const root: Field = { value: null, parts: new Map() };
  for (const [key, value] of parameters) put(root, key.split('.'), value);
  return read(schema, root, '');
}

/** `value` at the end of a key, otherwise `parts`. */
interface Field {
  value: string | null;
  readonly parts: Map<string, Field>;
}

function put(field: Field, path: readonly string[], value: string): void {
  const [part, ...rest] = path;
  if (part === undefined) {
    field.value = value;
    return;
  }
  let next = field.parts.get(part);
  if (!next) field.parts.set(part, (next = { value: null, parts: new Map() }));
  put(next, rest, value);
}

function read(schema: NormalizedSchema, field: Field, path: string): unknown {
  if (schema.isStructSchema()) return readStructure(schema, field, path);
  if (schema.isListSchema()) return readList(schema, field, path);
  if (schema.isMapSchema()) return readMap(schema, field, path);
  if (schema.isUnitSchema()) return {};
  return readSimple(schema, field.value ?? '', path);
}

function readStructure(schema: NormalizedSchema, field: Field, path: string): unknown {
  const structure: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const key = wireName(member, name);
    const part = field.parts.get(key);
    if (part) structure[name] = read(member, part, path === '' ? key : `${path}.${key}`);
  }
  return structure;
}

function readList(schema: NormalizedSchema, field: Field, path: string): unknown[] {
  const item = schema.getValueSchema();
  return inOrder(entries(schema, field, wireName(item, 'member'))).map(([index, part]) =>
    read(item, part, `${path}.${index}`),
  );
}

function readMap(schema: NormalizedSchema, field: Field, path: string): Record<string, unknown> {
  const [keySchema, valueSchema] = [schema.getKeySchema(), schema.getValueSchema()];
  const map: Record<string, unknown> = {};
  for (const [index, part] of inOrder(entries(schema, field, 'entry'))) {
    const key = part.parts.get(wireName(keySchema, 'key'))?.value;
    const value = part.parts.get(wireName(valueSchema, 'value'));
    if (key != null && value) map[key] = read(valueSchema, value, `${path}.${index}`);
  }
  return map;
}

/**
 * Flattened lists and maps have their numbers directly below their name, others below one more
 * name.
 */
function entries(schema: NormalizedSchema, field: Field, wrapper: string): Map<string, Field> {
  const flat = schema.getMergedTraits().xmlFlattened === 1;
  return (flat ? field : field.parts.get(wrapper))?.parts ?? new Map();
}

const inOrder = (parts: Map<string, Field>) => [...parts].sort(([a], [b]) => Number(a) - Number(b));

const wireName = (schema: NormalizedSchema, otherwise: string) =>
  schema.getMergedTraits().xmlName ?? otherwise;

function readSimple(schema: NormalizedSchema, text: string, path: string): unknown {
  if (schema.isBooleanSchema()) {
    const lower = text.toLowerCase();
    if (lower !== 'true' && lower !== 'false')
      throw new Malformed(`Invalid boolean value '${text}' at '${path}'`);
    return lower === 'true';
  }
  if (schema.isNumericSchema()) {
    const number = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isNaN(number)) throw new Malformed(`Invalid number '${text}' at '${path}'`);
    return number;
  }
  if (schema.isTimestampSchema()) {
    const date = new Date(/^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : text);
    if (Number.isNaN(date.getTime())) throw new Malformed(`Invalid timestamp '${text}' at '${path}'`);
    return date;
  }
  return schema.isBlobSchema() ? Buffer.from(text, 'base64') : text;
}
