import { INVISIBLE } from '../core/plain-text.ts';
import { UserError } from '../core/failure.ts';

/** One thing that is wrong with one input. */
export interface Issue {
  /** Name of the input as in action.yml. */
  readonly input: string;
  /** What was given; null: nothing, or something that must not be shown. */
  readonly given: string | null;
  /** Problem, fix and what the input takes, in one line that begins with the input's name; before it the place in a file. */
  readonly text: string;
  /** Where it stands, if in a file. */
  readonly place?: SourceLocation;
}

/** A place in a file; lines and columns count from 1. */
export interface SourceLocation {
  /** As it was given. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The mistake as one of a file. */
export function locatedIssue(found: Issue, place: SourceLocation): Issue {
  return { ...found, text: `${place.file}:${place.line}:${place.column}: ${found.text}`, place };
}

export interface IssueParts {
  readonly given?: string | null;
  /** What is wrong, as a clause: `"5" has no unit`. */
  readonly problem: string;
  /** What to do, as a clause: `write 5m or 5s`. */
  readonly fix: string;
  /** Completes "It takes ...", where that helps. */
  readonly allowed?: string;
}

export function inputIssue(input: string, { given = null, problem, fix, allowed }: IssueParts): Issue {
  const takes = allowed === undefined || fix.includes(allowed) ? '' : ` (It takes ${allowed}.)`;
  return { input, given, text: `${input}: ${onOneLine(problem)}. ${sentence(onOneLine(fix))}${takes}` };
}

const LONGEST = 600;

/** Parts of what was given are in it: without signs that cannot be seen, and not too long. */
function onOneLine(clause: string): string {
  const line = clause.toWellFormed().replaceAll(/\s+/g, ' ').replaceAll(INVISIBLE, '\uFFFD');
  return line.length > LONGEST ? `${line.slice(0, LONGEST).toWellFormed()}...` : line;
}

function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}${/[.?]$/.test(clause) ? '' : '.'}`;
}

/** All that is wrong with what was asked, so that one run is enough to see it. */
export class InvalidInputs extends UserError {
  override readonly name = 'InvalidInputs';
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    const lines = issues.map(({ text }) => text);
    super(lines.length === 1 ? lines : `${lines.length} inputs are wrong:\n${lines.join('\n')}`);
    this.issues = issues;
  }
}
