import type { NormalizedSchema } from '@smithy/core/schema';

/** The SDK's schemas are tuples whose first element is their kind. */
export type StaticSchema<Kind extends number> = Extract<
  Parameters<typeof NormalizedSchema.of>[0],
  [Kind, ...unknown[]]
>;

/** A schema, or `[schema, traits]`. */
export type MemberSchema = StaticSchema<3>[5][number];

/** A structure in the SDK's static form. */
export function structure(
  name: string,
  members: readonly (readonly [string, MemberSchema])[],
): StaticSchema<3> {
  return [3, 'sandbox', name, 0, members.map(([name]) => name), members.map(([, schema]) => schema)];
}

export const STRING = 0;
export const NUMBER = 1;
