export interface Retention {
  /** How many of the newest revisions of a family to keep. */
  readonly keep: number;
  /** ARNs of revisions that a service, a deployment or a task uses. */
  readonly inUse: ReadonlySet<string>;
}

/** The revisions of a family that are unused and not among the newest, oldest first. Pure. */
export function superfluous(newestFirst: readonly string[], { keep, inUse }: Retention): readonly string[] {
  return newestFirst
    .slice(keep)
    .filter((arn) => !inUse.has(arn))
    .toReversed();
}
