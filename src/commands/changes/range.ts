import { isObject } from '../../core/is-object.ts';

/** What to compare, derived from the event that started the workflow. */
export type Range =
  /** The difference between the two trees. */
  | { readonly kind: 'between'; readonly base: string; readonly head: string }
  /** The changes of head since its merge base with base. */
  | { readonly kind: 'since-parting'; readonly base: string; readonly head: string }
  /** `isUnexpected`: the event should name a change, and does not. */
  | { readonly kind: 'everything'; readonly why: string; readonly isUnexpected?: true }
  | { readonly kind: 'nothing'; readonly why: string };

/** The event that started the workflow. */
export interface Occasion {
  /** GITHUB_EVENT_NAME */
  readonly event: string;
  readonly payload: unknown;
  /** GITHUB_SHA: the commit that actions/checkout uses by default. */
  readonly commit: string | null;
}

/** The event of a command that no workflow started. */
export const BY_HAND = 'by hand';

const NO_COMMIT = /^0+$/;
const COMMIT = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** An incomplete payload counts as `everything`: deploy too much rather than too little. Pure. */
export function rangeOf({ event, payload, commit }: Occasion): Range {
  const at = (...keys: readonly string[]) => memberOf(payload, keys);
  const sha = (...keys: readonly string[]) => {
    const value = at(...keys);
    return typeof value === 'string' && COMMIT.test(value) ? value : null;
  };
  switch (event) {
    case 'push':
      return ofPush({
        before: sha('before'),
        after: sha('after') ?? commit,
        ref: at('ref'),
        defaultBranch: at('repository', 'default_branch'),
        deleted: at('deleted') === true,
      });
    case 'merge_group':
      return between(sha('merge_group', 'base_sha'), sha('merge_group', 'head_sha'), event);
    case 'pull_request':
    case 'pull_request_target': {
      // After the merge: the changes that the merge added to the base branch.
      const merged = at('pull_request', 'merged') === true ? sha('pull_request', 'merge_commit_sha') : null;
      const [base, head] = [sha('pull_request', 'base', 'sha'), merged ?? sha('pull_request', 'head', 'sha')];
      return base !== null && head !== null
        ? { kind: 'since-parting', base, head }
        : { kind: 'everything', why: `the ${event} event names no commits`, isUnexpected: true };
    }
    case BY_HAND:
      return { kind: 'everything', why: 'no commit to compare with was named: use --base' };
    case 'workflow_run':
      return {
        kind: 'everything',
        why: 'the workflow_run event does not name the commit before the change',
        isUnexpected: true,
      };
    default:
      return { kind: 'everything', why: `the workflow was started by ${event}, not by a change` };
  }
}

interface Push {
  readonly before: string | null;
  readonly after: string | null;
  readonly ref: unknown;
  readonly defaultBranch: unknown;
  readonly deleted: boolean;
}

function ofPush({ before, after, ref, defaultBranch, deleted }: Push): Range {
  if (deleted || (after !== null && NO_COMMIT.test(after))) {
    return { kind: 'nothing', why: 'the push deleted its branch' };
  }
  if (typeof ref === 'string' && ref.startsWith('refs/tags/')) {
    return { kind: 'everything', why: `a tag was pushed (${ref.slice('refs/tags/'.length)})` };
  }
  if (before === null || !NO_COMMIT.test(before)) return between(before, after, 'push');
  if (after === null || typeof defaultBranch !== 'string' || ref === `refs/heads/${defaultBranch}`) {
    return { kind: 'everything', why: 'it is the first push of this branch', isUnexpected: true };
  }
  return { kind: 'since-parting', base: `refs/remotes/origin/${defaultBranch}`, head: after };
}

function between(base: string | null, head: string | null, event: string): Range {
  return base === null || head === null
    ? { kind: 'everything', why: `the ${event} event names no commits`, isUnexpected: true }
    : { kind: 'between', base, head };
}

function memberOf(value: unknown, keys: readonly string[]): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  return isObject(value) ? memberOf(value[key], rest) : undefined;
}
