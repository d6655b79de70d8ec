import type { Api } from './api.ts';
import type { GitHubPlace } from './place.ts';
import type { WantedOnGitHub } from './wanted.ts';

/** One kind of report on GitHub. */
export interface Surface {
  /** Its name in messages: `the commit status`. */
  readonly what: string;
  /** The permission that the job's token requires. */
  readonly permission: string;
  /** Updates GitHub with as few calls as possible. Can be called again after a failure. */
  show(wanted: WantedOnGitHub): Promise<void>;
}

export interface Subject {
  readonly api: Api;
  readonly place: GitHubPlace;
  /** ENVIRONMENT/SERVICE. */
  readonly name: string;
  /** Identifies this job; the same for its main and post step. */
  readonly run: string;
  readonly runUrl: string | null;
  /** A main step that was killed may already have shown something. */
  readonly resumed: boolean;
}

/** A hidden marker at the start of our comments and issues. */
export function markerOf({ name }: Pick<Subject, 'name'>): string {
  return `<!-- ecs-ramp ${name.replaceAll('--', '- -').replaceAll(/[<>]/g, '')} -->`;
}
