/** Maximum number of waves: a workflow has one job for each. */
export const MOST_WAVES = 5;
/** The most parts that the matrix of a wave can be split into. */
export const MOST_PARTS = 8;

/**
 * The wave of each of `names`, starting at 1: after every service that it needs, directly or
 * through services that are not deployed. `needs` must not contain cycles. Pure.
 */
export function wavesOf(
  names: readonly string[],
  needs: (name: string) => readonly string[],
): ReadonlyMap<string, number> {
  const deployed = new Set(names);
  /** The last wave of a name and everything that it needs. */
  const after = new Map<string, number>();
  const endOf = (name: string): number => {
    const known = after.get(name);
    if (known !== undefined) return known;
    const below = Math.max(0, ...needs(name).map(endOf));
    const end = deployed.has(name) ? below + 1 : below;
    after.set(name, end);
    return end;
  };
  return new Map(names.map((name) => [name, endOf(name)]));
}
