/** A task definition revision, by its ARN. */
const nameIn = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** `shop-web` of `arn:...:task-definition/shop-web:41`. */
export function familyOf(arn: string): string {
  const name = nameIn(arn);
  return name.slice(0, name.lastIndexOf(':'));
}

export interface Wanted {
  /** So many of the newest revisions of a family stay, whatever they are. */
  readonly keep: number;
  /** ARNs of revisions that a service, a deployment or a task names. */
  readonly inUse: ReadonlySet<string>;
}

/** Of a family's active revisions, newest first, those that nobody uses and that are not among the newest. The oldest first. Pure. */
export function superfluous(newestFirst: readonly string[], { keep, inUse }: Wanted): readonly string[] {
  return newestFirst
    .slice(keep)
    .filter((arn) => !inUse.has(arn))
    .toReversed();
}
