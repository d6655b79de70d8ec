/** Whether both are the same role: one may be given by name, and ECS returns its ARN. Pure. */
export function isSameRole(before: string | null | undefined, after: string | null | undefined): boolean {
  if ((before ?? null) === (after ?? null)) return true;
  if (!before || !after) return false;
  return before.endsWith(`:role/${after}`) || after.endsWith(`:role/${before}`);
}
