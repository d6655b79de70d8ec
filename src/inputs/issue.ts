import { INVISIBLE } from '../core/plain-text.ts';
import { UserError } from '../core/failure.ts';
import { asSentence } from '../core/sentence.ts';

/** One thing that is wrong with one input. */
export interface Issue {
  /** Name of the input as in action.yml. */
  readonly input: string;
  /** What was given; `null` for nothing, or for a secret. */
  readonly given: string | null;
  /**
   * One line: the place in a file if there is one, the name of the input, the problem, the fix, and
   * what is allowed.
   */
  readonly text: string;
  /** Place in the file, if the input comes from a file. */
  readonly place?: SourceLocation;
}

/** A place in a file. Lines and columns start at 1. */
export interface SourceLocation {
  /** Path of the file as given. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The issue with its place in a file. */
export function locatedIssue(found: Issue, place: SourceLocation): Issue {
  return { ...found, text: `${place.file}:${place.line}:${place.column}: ${found.text}`, place };
}

export interface IssueParts {
  readonly given?: string | null;
  /** What is wrong, as a clause: `"5" has no unit`. */
  readonly problem: string;
  /** What to do, as a clause: `write 5m or 5s`. */
  readonly fix: string;
  /** Completes "Allowed: ...", where that helps. */
  readonly allowed?: string;
}

export function inputIssue(input: string, { given = null, problem, fix, allowed }: IssueParts): Issue {
  const takes = allowed === undefined || fix.includes(allowed) ? '' : ` (Allowed: ${allowed}.)`;
  return {
    input,
    given,
    text: `${onOneLine(input)}: ${onOneLine(problem)}. ${asSentence(onOneLine(fix))}${takes}`,
  };
}

const LONGEST = 600;

/**
 * A clause may quote what was given, and a key of a file is what was written: replaces invisible
 * characters and limits the length.
 */
function onOneLine(clause: string): string {
  const line = clause.toWellFormed().replaceAll(/\s+/g, ' ').replaceAll(INVISIBLE, '\uFFFD');
  return line.length > LONGEST ? `${line.slice(0, LONGEST).toWellFormed()}...` : line;
}

/** All issues of the inputs, so that one run shows them all. */
export class InvalidInputs extends UserError {
  override readonly name = 'InvalidInputs';
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    const lines = issues.map(({ text }) => text);
    super(lines.length === 1 ? lines : `${lines.length} inputs are wrong:\n${lines.join('\n')}`);
    this.issues = issues;
  }
}
