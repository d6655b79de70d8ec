import { HOUR } from '../../../core/time/clock.ts';

export interface KnownImage {
  readonly digest: string;
  readonly tags: readonly string[];
  /** Milliseconds since 1970. */
  readonly pushedAt: number;
  /** ECR writes it down once a day; null: never. */
  readonly pulledAt: number | null;
}

/** Whoever else uses an image, in another account or beside ECS, shows by pulling it. */
const RECENTLY = 7 * 24 * HOUR;

/** Those that are not among the newest, and that nobody has pulled lately. The oldest first. Pure. */
export function outlived(
  images: readonly KnownImage[],
  { keep, now }: { readonly keep: number; readonly now: number },
): readonly KnownImage[] {
  return images
    .toSorted((a, b) => b.pushedAt - a.pushedAt)
    .slice(keep)
    .filter(({ pulledAt, pushedAt }) => now - (pulledAt ?? pushedAt) > RECENTLY)
    .toReversed();
}
