import { describe, expect, test } from '@jest/globals';
import { identify } from '../../../../src/core/run.ts';
import {
  isDead,
  isLeaseOf,
  leaseKeys,
  standing,
  tagFor,
  writtenIn,
} from '../../../../src/aws/lease/run-tag.ts';
import { MINUTE } from '../../../../src/core/time/clock.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const github = (id: string, run = '1234', attempt = '1', job = 'deploy') =>
  identify(
    {
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_RUN_ID: run,
      GITHUB_RUN_ATTEMPT: attempt,
      GITHUB_JOB: job,
    },
    id,
  );
const written = (run = github('a'), until = NOW + 3 * MINUTE) => writtenIn([tagFor(run, until)])!;

describe('the tag', () => {
  test('says until when, who, and where to find it, and is read back', () => {
    expect(tagFor(github('3f9a'), NOW)).toEqual({
      key: 'ecs-ramp:lease',
      value: '2026-11-21T12:00:00Z 3f9a https://github.com/acme/shop/actions/runs/1234/attempts/1 deploy',
    });
    expect(written(github('3f9a'), NOW)).toMatchObject({
      until: NOW,
      id: '3f9a',
      inWords: 'https://github.com/acme/shop/actions/runs/1234/attempts/1 (job deploy)',
    });
  });
  test('has only what AWS takes, however long the names and whatever is in them', () => {
    const long = github('a', '1', '1', 'ü (1, 2) '.repeat(100));
    expect(tagFor(long, NOW).value).toMatch(/^[\w+=.:/@ -]{1,256}$/);
    expect(isLeaseOf(written(long), long)).toBe(true);
  });
  test('outside of GitHub names the machine', () => {
    expect(written(identify({})).inWords).toMatch(/\S/);
  });
  test('that somebody edited is nobody known, and not dead', () => {
    const edited = writtenIn([{ key: 'ecs-ramp:lease', value: 'hands off' }])!;
    expect(edited).toMatchObject({ until: null, id: null, inWords: '"hands off"' });
    expect(isDead(edited, NOW + 1e9)).toBe(false);
  });
  test('is taken away unless another run stands in it', () => {
    const tags = [{ key: 'team', value: 'shop' }, tagFor(github('a'), NOW)];
    expect(leaseKeys(tags, github('a'))).toEqual(['ecs-ramp:lease']);
    expect(leaseKeys(tags, github('b', '99'))).toEqual([]);
  });
});

describe('whose the service is', () => {
  const at = (later: number, unchangedFor = 0) => ({ now: NOW + later, unchangedFor });
  const us = github('b', '99');
  test.each([
    ['free where nothing is written', null, us, at(0), 'free'],
    ["another living run's", written(), us, at(0), 'taken'],
    [
      "another's whose lease has ended, but not by a clock that goes wrong",
      written(),
      us,
      at(7 * MINUTE),
      'taken',
    ],
    ['free when it should have ended by any clock', written(), us, at(9 * MINUTE), 'free'],
    [
      'free when nobody renewed it for a whole term, whatever it says',
      written(us, NOW * 2),
      github('c'),
      at(0, 4 * MINUTE),
      'free',
    ],
    ['ours when this process wrote it', written(us), us, at(0), 'ours'],
    [
      'ours when an earlier attempt of the same run wrote it',
      written(),
      github('b', '1234', '2'),
      at(0),
      'ours',
    ],
    [
      "another's when a later attempt wrote it",
      written(github('a', '1234', '2')),
      github('b'),
      at(0),
      'taken',
    ],
    ["another's when another job of the same attempt wrote it", written(), github('b'), at(0), 'taken'],
    ['to be claimed anew when ours has ended', written(us), us, at(4 * MINUTE), 'free'],
  ] as const)('%s', (_, tag, run, times, whose) => {
    expect(standing(tag, run, times)).toBe(whose);
  });
});
