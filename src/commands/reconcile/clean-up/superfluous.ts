export interface Retention {
  /** So many of the newest revisions of a family stay, whatever they are. */
  readonly keep: number;
  /** ARNs of revisions that a service, a deployment or a task names. */
  readonly inUse: ReadonlySet<string>;
}

/** Of a family's active revisions, newest first, those that nobody uses and that are not among the newest. The oldest first. Pure. */
export function superfluous(newestFirst: readonly string[], { keep, inUse }: Retention): readonly string[] {
  return newestFirst
    .slice(keep)
    .filter((arn) => !inUse.has(arn))
    .toReversed();
}
