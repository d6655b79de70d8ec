import { UserError } from '../failure.ts';

/**
 * The user's task definition, or an input about it, is invalid. The problem and the fix are
 * clauses.
 */
export class InvalidTaskDefinition extends UserError {
  override readonly name = 'InvalidTaskDefinition';
  readonly problem: string;
  readonly fix: string;

  constructor(problem: string, fix: string) {
    super(`${problem}: ${fix}.`);
    this.problem = problem;
    this.fix = fix;
  }
}
