/** Decides who may access the registry, and what they may do. */
export interface Gate {
  admit(user: string, password: string): Denial | null;
  /** Called for every access to a repository. */
  enter(repository: string): Denial | null;
  /** Called when a push moves a tag to another image. */
  overwrite(repository: string, tag: string): Denial | null;
}

/** A refusal with a code of the registry protocol: `NAME_UNKNOWN`, `DENIED`, `TAG_INVALID`. */
export interface Denial {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Allows any repository and any tag for one user, like a company's private registry. */
export function passwordGate(user: string, password: string): Gate {
  return {
    admit: (givenUser, givenPassword) =>
      givenUser === user && givenPassword === password ? null : unauthorized,
    enter: () => null,
    overwrite: () => null,
  };
}

export const unauthorized: Denial = { status: 401, code: 'UNAUTHORIZED', message: 'authentication required' };
