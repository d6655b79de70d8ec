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
  // Not by recursion: a chain may be long.
  const open = [...names];
  for (let name = open.at(-1); name !== undefined; name = open.at(-1)) {
    const missing = after.has(name) ? [] : needs(name).filter((need) => !after.has(need));
    if (missing.length > 0) {
      open.push(...missing);
      continue;
    }
    open.pop();
    const below = needs(name).reduce((last, need) => Math.max(last, after.get(need)!), 0);
    after.set(name, deployed.has(name) ? below + 1 : below);
  }
  return new Map(names.map((name) => [name, after.get(name)!]));
}
