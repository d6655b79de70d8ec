import { gitIn } from '../core/git.ts';
import type { Definitions } from '../inputs/definition.ts';
import { notificationInputs } from '../inputs/definitions.ts';
import type { ParsedInputs } from '../inputs/rule.ts';
import { notificationSettingsOf } from '../inputs/assemble.ts';
import type { Source, NotificationSettings } from '../core/request.ts';
import { repositoryPageOf } from '../inputs/source.ts';
import type { Run } from '../core/run.ts';
import { plainText } from '../core/plain-text.ts';
import { type Notifications, openNotifications } from '../report/notifications.ts';
import type { CliContext } from './command.ts';
import type { Masks } from '../core/secrecy/masks.ts';
import { githubRepository } from './policy-options.ts';
import { asSecret } from '../core/secrecy/secret.ts';

/**
 * Inputs for notifications that only commands have: without a runner, the repository and the token
 * are unknown.
 */
export const notificationOptions = {
  'github-repository': {
    description:
      'GitHub repository that gets the notifications, as OWNER/NAME. Default: GITHUB_REPOSITORY, the repository from the variables of Jenkins, GitLab or CircleCI, or origin of the clone in the current folder.',
    type: githubRepository,
    default: null,
  },
  'github-token': {
    ...notificationInputs['github-token'],
    description:
      'Token for the GitHub API. Use a variable instead, because other users may see a command line. Default: GITHUB_TOKEN of the environment.',
  },
} as const satisfies Definitions;

export interface CliNotificationSettings {
  readonly telling: NotificationSettings;
  /** The variables of the environment, completed with derived variables of a runner. */
  readonly env: CliContext['env'];
  /** Why requested notifications on GitHub are not possible; otherwise `null`. */
  readonly problem: string | null;
}

/**
 * The notifications of a command. `isOfCheckout` is true if the command uses the checked-out commit
 * unless another one is given.
 */
export async function readNotificationSettings(
  parsed: Pick<ParsedInputs<typeof notificationOptions>, 'values'>,
  { source, isOfCheckout }: { readonly source: Source; readonly isOfCheckout: boolean },
  { env, cwd }: Pick<CliContext, 'env' | 'cwd'>,
): Promise<CliNotificationSettings> {
  const found = notificationSettingsOf(parsed);
  const telling = { ...found, token: found.token ?? asSecret(env['GITHUB_TOKEN'] || null) };
  const isTold = telling.deployment || telling.commitStatus || telling.comment || telling.issueOnRollback;
  // With a token, GitHub is also asked which commit is newer.
  if (!isTold && telling.token === null) return { telling, env, problem: null };
  const git = gitIn(cwd);
  const said = (...args: readonly string[]) =>
    git(...args).then(
      (text) => text.trim() || null,
      () => null,
    );
  const server = env['GITHUB_SERVER_URL'] || 'https://github.com';
  const repository =
    parsed.values['github-repository'] ??
    (env['GITHUB_REPOSITORY'] || null) ??
    repositoryAt(server, source.repositoryUrl) ??
    repositoryAt(server, repositoryPageOf(await said('remote', 'get-url', 'origin')));
  const commit = source.commit ?? (isOfCheckout ? await said('rev-parse', 'HEAD') : null);
  return {
    telling,
    env: {
      ...env,
      ...(repository && { GITHUB_REPOSITORY: repository }),
      ...(commit && { GITHUB_SHA: commit }),
      GITHUB_API_URL: env['GITHUB_API_URL'] || apiOf(server),
    },
    problem: isTold ? problemOf({ token: telling.token, repository, commit }) : null,
  };
}

/** Sends the notifications. Those that failed are reported on stderr at the end. */
export function openCliNotifications(
  { telling, env, problem }: CliNotificationSettings,
  { clock, complain }: Pick<CliContext, 'clock' | 'complain'>,
  { run, masks: { mask, masked } }: { readonly run: Run; readonly masks: Masks },
): Notifications {
  const notice = (message: string) => complain(plainText(masked(message)));
  const others = openNotifications(telling, { env, clock, run, mask, notice });
  return {
    ...others,
    async finish() {
      await others.finish();
      if (problem !== null) notice(problem);
    },
  };
}

/** `OWNER/NAME` of a page; `null` if it is on another server. */
function repositoryAt(server: string, page: string | null): string | null {
  const path = page?.startsWith(`${server}/`) ? page.slice(server.length + 1) : '';
  return /^[^/]+\/[^/]+$/.test(path) ? path : null;
}

/** A GitHub Enterprise Server has its API on its own host, SUBDOMAIN.ghe.com on another one. */
function apiOf(server: string): string {
  if (server === 'https://github.com') return 'https://api.github.com';
  return /^https:\/\/[\w-]+\.ghe\.com$/.test(server)
    ? server.replace('https://', 'https://api.')
    : `${server}/api/v3`;
}

function problemOf(known: Readonly<Record<'token' | 'repository' | 'commit', unknown>>): string | null {
  const missing = [
    known.token === null && 'the token (set GITHUB_TOKEN)',
    known.repository === null && 'the repository (give --github-repository)',
    known.commit === null && 'the commit (give --commit)',
  ].filter((each) => each !== false);
  return missing.length === 0 ? null : `GitHub gets no notifications. Missing: ${missing.join('; ')}.`;
}
