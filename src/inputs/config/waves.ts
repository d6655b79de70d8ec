/** Services that need each other are deployed one after the other, and a workflow has a job for each turn: so many. */
export const MOST_WAVES = 5;

/**
 * In which wave each of `names` is deployed, from 1: after all those it needs, also through others that are not deployed. `needs` must
 * not go in circles. Pure.
 */
export function wavesOf(
  names: readonly string[],
  needs: (name: string) => readonly string[],
): ReadonlyMap<string, number> {
  const deployed = new Set(names);
  /** The wave after which all that is deployed at or below a name has been. */
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
