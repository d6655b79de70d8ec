import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withProfileRegion } from '../../../../src/aws/credentials/profile-region.ts';
import { call } from '../../cli/calls.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'ecs-ramp-home-'));
  await mkdir(join(home, '.aws'));
  await writeFile(
    join(home, '.aws/config'),
    '[default]\nregion = eu-west-3\n[profile shop]\nregion = eu-north-1\n[profile bare]\noutput = json\n',
  );
});

afterEach(() => rm(home, { recursive: true }));

const regionOf = async (env: Readonly<Record<string, string>>) => {
  const { AWS_REGION, AWS_DEFAULT_REGION } = await withProfileRegion<Record<string, string>>(env);
  return AWS_REGION ?? AWS_DEFAULT_REGION ?? null;
};

test('the region of the profile applies if no variable sets one', async () => {
  expect(await regionOf({ HOME: home, AWS_PROFILE: 'shop' })).toBe('eu-north-1');
  expect(await regionOf({ HOME: home })).toBe('eu-west-3');
  expect(await regionOf({ HOME: home, AWS_PROFILE: 'bare' })).toBeNull();
  expect(await regionOf({ HOME: home, AWS_PROFILE: 'absent' })).toBeNull();
});

test.each(['AWS_REGION', 'AWS_DEFAULT_REGION'])('%s comes before the profile', async (name) => {
  expect(await regionOf({ HOME: home, AWS_PROFILE: 'shop', [name]: 'us-east-1' })).toBe('us-east-1');
});

test('the files can be elsewhere, and missing ones set no region', async () => {
  await writeFile(join(home, 'mine'), '[profile shop]\nregion = sa-east-1\n');
  expect(await regionOf({ AWS_CONFIG_FILE: join(home, 'mine'), AWS_PROFILE: 'shop' })).toBe('sa-east-1');
  await writeFile(join(home, 'keys'), '[shop]\nregion = ca-central-1\n');
  expect(await regionOf({ AWS_SHARED_CREDENTIALS_FILE: join(home, 'keys'), AWS_PROFILE: 'shop' })).toBe(
    'ca-central-1',
  );
  expect(await regionOf({ HOME: join(home, 'absent'), AWS_PROFILE: 'shop' })).toBeNull();
  expect(await regionOf({})).toBeNull();
});

test('the command line uses the region of the profile', async () => {
  const args = ['status', '--cluster', 'shop'];
  const regions: (string | null)[] = [];
  await call(args, {
    env: { HOME: home, AWS_PROFILE: 'shop' },
    clients: ({ region }) => {
      regions.push(region);
      throw new Error('stop here');
    },
  });
  expect(regions).toEqual(['eu-north-1']);
});
