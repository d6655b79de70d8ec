import { UserError } from '../failure.ts';

/** What a person wrote about the task definition cannot be used: the problem and the fix, each a clause. */
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
