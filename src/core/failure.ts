/**
 * An error that a person can fix. Each problem says what is wrong and how to fix it. `cause` is the
 * SDK's error when AWS refused. Every other error is a bug in ecs-ramp.
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

/**
 * The problems of a failure before production was changed. Includes a stack only for a bug in
 * ecs-ramp.
 */
export function problemsOf(error: unknown): readonly string[] {
  return error instanceof UserError ? error.problems : [bugReport(error)];
}

export function bugReport(error: unknown): string {
  const report = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `ecs-ramp failed because of an internal error: please report it. ${report}`;
}

/**
 * The message of an error, without a stack. System errors may come from another realm, where
 * `instanceof Error` is false.
 */
export function errorText(error: unknown): string {
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error;
  return hasMessage ? String(error.message) : String(error);
}
