import { gitIn } from '../core/git.ts';
import type { Environment } from '../core/environment.ts';
import { repositoryPageOf, sourceOf } from '../inputs/source.ts';

/**
 * The environment, completed with the commit, branch and repository of the clone in `folder` where
 * no CI names a commit: in a terminal, or in an unknown CI. A clone with uncommitted changes has no
 * commit, because an image of its files would be named after other files.
 */
export async function withClone(env: Environment, folder: string): Promise<Environment> {
  if (sourceOf(env).commit !== null || env['GITHUB_ACTIONS'] === 'true') return env;
  const git = gitIn(folder);
  const said = (...args: readonly string[]) =>
    git(...args).then(
      (text) => text.trim(),
      () => null,
    );
  const [head, branch, origin, changes] = await Promise.all([
    said('rev-parse', '--verify', '--quiet', 'HEAD'),
    said('symbolic-ref', '--quiet', '--short', 'HEAD'),
    said('remote', 'get-url', 'origin'),
    said('status', '--porcelain'),
  ]);
  const page = repositoryPageOf(origin);
  const repository = page === null ? null : new URL(page);
  return {
    ...(head && changes === '' && { GITHUB_SHA: head }),
    ...(branch && { GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: branch }),
    ...(repository && {
      GITHUB_SERVER_URL: repository.origin,
      GITHUB_REPOSITORY: repository.pathname.slice(1),
    }),
    ...env,
  };
}
