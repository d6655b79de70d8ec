/**
 * What a person has to mend, in words: each problem says what is wrong and the fix. `cause` is the SDK's error where AWS refused.
 * Whatever else is thrown is a mistake of ecs-ramp.
 */
export class UserError extends Error {
  override readonly name: string = 'UserError';
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[], options?: ErrorOptions) {
    const all = typeof problems === 'string' ? [problems] : problems;
    super(all.join('\n'), options);
    this.problems = all;
  }
}

/** The problems of a failure before production was touched, each a line or a few; a stack only for a mistake of ecs-ramp. */
export function problemsOf(error: unknown): readonly string[] {
  return error instanceof UserError ? error.problems : [bugReport(error)];
}

/** With the stack: nobody else can find it. */
export function bugReport(error: unknown): string {
  const report = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `ecs-ramp failed in a way it should not: please report this. ${report}`;
}

/** What was thrown, without a stack. Errors of the system may come from another realm, where `instanceof Error` is false. */
export function errorText(error: unknown): string {
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error;
  return hasMessage ? String(error.message) : String(error);
}
