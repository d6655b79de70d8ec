/** Who may come in, and what they may do. */
export interface Gate {
  admit(user: string, password: string): Denial | null;
  /** Asked for every use of a repository. */
  enter(repository: string): Denial | null;
  /** Asked when a tag that means one image is pushed for another. */
  overwrite(repository: string, tag: string): Denial | null;
}

/** A refusal in the registry protocol's terms: `NAME_UNKNOWN`, `DENIED`, `TAG_INVALID`. */
export interface Denial {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Any repository and any tag, for one user: a private registry as companies run it. */
export function passwordGate(user: string, password: string): Gate {
  return {
    admit: (givenUser, givenPassword) =>
      givenUser === user && givenPassword === password ? null : unauthorized,
    enter: () => null,
    overwrite: () => null,
  };
}

export const unauthorized: Denial = { status: 401, code: 'UNAUTHORIZED', message: 'authentication required' };
