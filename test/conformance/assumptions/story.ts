import type { Stage } from './stage.ts';

/** Something that is done to the stack, and the assumptions that it shows to hold or not. */
export interface Story {
  readonly name: string;
  /** About how long it takes on AWS. */
  readonly minutes: number;
  /** The ids of docs/assumptions.md that it finds out about. */
  readonly checks: readonly string[];
  readonly play: (stage: Stage, note: Note) => Promise<void>;
}

/** @param holds null: could not be found out here. @param seen what was seen, in a few words. */
export type Note = (check: string, holds: boolean | null, seen: string) => void;

export interface Finding {
  readonly check: string;
  readonly holds: boolean | null;
  readonly seen: string;
}

/** Every check of the story has a finding afterwards, whatever happens. */
export async function playStory({ name, checks, play }: Story, stage: Stage): Promise<readonly Finding[]> {
  const findings = new Map<string, Finding>();
  let failure = 'the story did not come to it';
  try {
    await play(stage, (check, holds, seen) => {
      if (!checks.includes(check))
        throw new Error(`The story ${name} does not say that it finds out about ${check}.`);
      // what does not hold once does not hold
      if (findings.get(check)?.holds !== false) findings.set(check, { check, holds, seen });
    });
  } catch (error) {
    failure = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return checks.map((check) => findings.get(check) ?? { check, holds: null, seen: failure });
}
