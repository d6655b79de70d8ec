import type { Stage } from './stage.ts';

/** Actions on the stack, and the assumptions that they check. */
export interface Story {
  readonly name: string;
  /** Approximate duration on AWS. */
  readonly minutes: number;
  /** The ids in docs/assumptions.md that it checks. */
  readonly checks: readonly string[];
  readonly play: (stage: Stage, note: Note) => Promise<void>;
}

/**
 * @param holds `null` if it cannot be checked here. @param seen what was observed, in a few words.
 */
export type Note = (check: string, holds: boolean | null, seen: string) => void;

export interface Finding {
  readonly check: string;
  readonly holds: boolean | null;
  readonly seen: string;
}

/** Returns a finding for each check, even if the story fails. */
export async function playStory({ name, checks, play }: Story, stage: Stage): Promise<readonly Finding[]> {
  const findings = new Map<string, Finding>();
  let failure = 'the story ended before this check';
  try {
    await play(stage, (check, holds, seen) => {
      if (!checks.includes(check)) throw new Error(`The story ${name} does not list the check ${check}.`);
      // A check that failed once remains failed.
      if (findings.get(check)?.holds !== false) findings.set(check, { check, holds, seen });
    });
  } catch (error) {
    failure = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return checks.map((check) => findings.get(check) ?? { check, holds: null, seen: failure });
}
