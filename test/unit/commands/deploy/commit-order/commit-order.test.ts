import { expect, test } from '@jest/globals';
import {
  isSameCommit,
  commitOrder,
  type KnownCommit,
  type Relation,
} from '../../../../../src/commands/deploy/commit-order/commit-order.ts';

const release = (different: Partial<KnownCommit> = {}): KnownCommit => ({
  commit: '1'.repeat(40),
  repository: 'https://github.com/shop/web',
  run: 'https://github.com/shop/web/actions/runs/1234',
  workflow: 'shop/web/.github/workflows/deploy.yml',
  runNumber: 811,
  ...different,
});
const OURS = release();
const LIVE = release({ commit: '2'.repeat(40), runNumber: 812 });

test.each<[Relation, string]>([
  ['newer', 'newer'],
  ['older', 'older'],
  ['same', 'same'],
  ['diverged', 'unknown'],
])('ancestry has priority over run numbers: %s is %s', (relation, order) => {
  const finding = commitOrder(OURS, LIVE, { relation, says: 'git' });
  expect(finding).toMatchObject({ order, because: expect.stringMatching(/, according to git$/) });
});

test('if the relation of the commits is not known, the later run is newer', () => {
  const nobody = { relation: null, says: 'there is no GitHub token' };
  expect(commitOrder(OURS, LIVE, nobody).order).toBe('older');
  expect(commitOrder(LIVE, OURS, nobody).order).toBe('newer');
  expect(commitOrder(OURS, LIVE, null).order).toBe('older');
});

test.each<[string, Partial<KnownCommit>]>([
  ['of another workflow', { workflow: 'shop/web/.github/workflows/hotfix.yml' }],
  ['of another repository', { repository: 'https://github.com/shop/api' }],
  ['without a number', { runNumber: null }],
  ['of no workflow', { workflow: null }],
])('a run %s is not compared by number', (_, different) => {
  const says = 'there is no GitHub token';
  const finding = commitOrder(OURS, { ...LIVE, ...different }, { relation: null, says });
  expect(finding).toEqual({ order: 'unknown', because: says });
});

test('without a commit the order is not known, even with run numbers', () => {
  expect(commitOrder(OURS, { ...LIVE, commit: null }, null).order).toBe('unknown');
  expect(commitOrder({ ...OURS, commit: null }, LIVE, null).order).toBe('unknown');
});

test('the same commit is the same for any run, also abbreviated', () => {
  expect(commitOrder(OURS, { ...LIVE, commit: OURS.commit }, null).order).toBe('same');
  expect(isSameCommit('ABCDEF0', `abcdef0${'1'.repeat(33)}`)).toBe(true);
  expect(isSameCommit('abcdef', `abcdef0${'1'.repeat(33)}`)).toBe(false);
  expect(isSameCommit('abcdef1', `abcdef0${'1'.repeat(33)}`)).toBe(false);
});
