import type { Api } from './api.ts';
import type { GitHubPlace } from './place.ts';
import type { WantedOnGitHub } from './wanted.ts';

/** One kind of thing that GitHub shows. */
export interface Surface {
  /** As it is told: `the commit status`. */
  readonly what: string;
  /** What the job's token needs for it. */
  readonly permission: string;
  /** Makes it so, by as few calls as can be; none if it is so already. Called again after a failure, and finds then what came of it. */
  show(wanted: WantedOnGitHub): Promise<void>;
}

/** What each of them needs to know. */
export interface Subject {
  readonly api: Api;
  readonly place: GitHubPlace;
  /** ENVIRONMENT/SERVICE. */
  readonly name: string;
  /** Of this job, main and post step: told apart from every other. */
  readonly run: string;
  readonly runUrl: string | null;
  /** Something may have been shown before, by a main step that was killed. */
  readonly resumed: boolean;
}

/** Hidden in what is ours, at its very beginning. */
export function markerOf({ name }: Pick<Subject, 'name'>): string {
  return `<!-- ecs-ramp ${name.replaceAll('--', '- -').replaceAll(/[<>]/g, '')} -->`;
}
