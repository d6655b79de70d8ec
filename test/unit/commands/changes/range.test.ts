import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import { rangeOf } from '../../../../src/commands/changes/range.ts';

interface Example {
  readonly name: string;
  readonly examples: readonly Record<string, unknown>[];
}
/** The example payloads of GitHub. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the package ships JSON
const EXAMPLES = createRequire(import.meta.url)(
  '@octokit/webhooks-examples/api.github.com/index.json',
) as readonly Example[];
const examplesOf = (event: string) => EXAMPLES.find(({ name }) => name === event)!.examples;

const [A, B] = ['a'.repeat(40), 'b'.repeat(40)];
const NONE = '0'.repeat(40);
const push = (payload: object) =>
  rangeOf({
    event: 'push',
    commit: B,
    payload: {
      ref: 'refs/heads/main',
      repository: { default_branch: 'main' },
      before: A,
      after: B,
      ...payload,
    },
  });

describe('a push', () => {
  test('is the difference between before and after, forced or not', () => {
    expect(push({})).toEqual({ kind: 'between', base: A, head: B });
    expect(push({ forced: true })).toEqual({ kind: 'between', base: A, head: B });
  });

  test('of a new branch is its changes since the merge base with the default branch', () => {
    expect(push({ before: NONE, ref: 'refs/heads/feature' })).toEqual({
      kind: 'since-parting',
      base: 'refs/remotes/origin/main',
      head: B,
    });
  });

  test('that is the first of the default branch, or a tag, is everything', () => {
    expect(push({ before: NONE })).toMatchObject({ kind: 'everything' });
    expect(push({ before: NONE, ref: 'refs/tags/v1' })).toMatchObject({ kind: 'everything' });
  });

  test('that deletes its branch is nothing', () => {
    expect(push({ after: NONE, deleted: true })).toMatchObject({ kind: 'nothing' });
  });

  test('without commits is everything', () => {
    expect(push({ before: '--upload-pack=x' })).toMatchObject({ kind: 'everything' });
  });
});

test('a pull request is its changes since the merge base; a merged one the changes of its merge', () => {
  const pull = (more: object) =>
    rangeOf({
      event: 'pull_request',
      commit: null,
      payload: { pull_request: { base: { sha: A }, head: { sha: B }, ...more } },
    });
  expect(pull({})).toEqual({ kind: 'since-parting', base: A, head: B });
  const merge_commit_sha = 'c'.repeat(40);
  expect(pull({ merged: true, merge_commit_sha })).toMatchObject({ base: A, head: merge_commit_sha });
});

test('an event without a change is everything', () => {
  const started = rangeOf({ event: 'workflow_dispatch', payload: {}, commit: A });
  expect(started).toEqual({
    kind: 'everything',
    why: 'the workflow was started by workflow_dispatch, not by a change',
  });
});

test('an event that should name a change and does not is unexpected', () => {
  const unexpected = { kind: 'everything', isUnexpected: true };
  expect(push({ before: NONE })).toMatchObject(unexpected);
  expect(push({ before: 'x' })).toMatchObject(unexpected);
  for (const event of ['pull_request', 'merge_group', 'workflow_run']) {
    expect(rangeOf({ event, payload: {}, commit: A })).toMatchObject(unexpected);
  }
  for (const event of ['workflow_dispatch', 'schedule']) {
    expect(rangeOf({ event, payload: {}, commit: A })).not.toMatchObject(unexpected);
  }
});

describe('GitHub’s own examples', () => {
  test('of a push', () => {
    const kinds = examplesOf('push').map((payload) => {
      const { kind } = rangeOf({ event: 'push', payload, commit: null });
      return [payload['ref'], payload['created'], payload['deleted'], kind].join(' ');
    });
    expect(new Set(kinds)).toEqual(
      new Set([
        'refs/tags/simple-tag true false everything',
        'refs/tags/simple-tag false true nothing',
        'refs/heads/master true false everything',
      ]),
    );
  });

  test('of a merge queue', () => {
    expect(
      examplesOf('merge_group').map((payload) => rangeOf({ event: 'merge_group', payload, commit: null })),
    ).toEqual(
      Array.from({ length: 2 }, () => ({
        kind: 'between',
        base: '380387fbc80638b734a49e1be1c4dfec1c01b33c',
        head: '2ffea6db159f6b6c47a24e778fb9ef40cf6b1c7d',
      })),
    );
  });

  test('of a pull request', () => {
    for (const payload of examplesOf('pull_request')) {
      expect(rangeOf({ event: 'pull_request', payload, commit: null })).toMatchObject({
        kind: 'since-parting',
        base: 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e',
      });
    }
  });
});
