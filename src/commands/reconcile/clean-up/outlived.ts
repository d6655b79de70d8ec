import { HOUR } from '../../../core/time/clock.ts';

export interface KnownImage {
  readonly digest: string;
  readonly tags: readonly string[];
  /** Milliseconds since 1970. */
  readonly pushedAt: number;
  /** ECR updates it once a day; `null` if never pulled. */
  readonly pulledAt: number | null;
}

/** A recent pull shows that something outside of this region's ECS uses the image. */
const RECENTLY = 7 * 24 * HOUR;

/** Images that are not among the newest and were not pulled recently, oldest first. Pure. */
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
