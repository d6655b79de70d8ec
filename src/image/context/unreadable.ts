import { errorText, UserError } from '../../core/failure.ts';

/** `path`: relative to the context; empty for the context itself. */
export function unreadable(path: string, error: unknown): UserError {
  return new UserError(
    `${path === '' ? 'The build context' : `${path} in the build context`} cannot be read (${errorText(error)}): correct its permissions, or exclude it in .dockerignore.`,
    { cause: error },
  );
}
