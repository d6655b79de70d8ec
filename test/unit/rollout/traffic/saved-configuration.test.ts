import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { expect, test } from '@jest/globals';
import {
  savedConfigurationKeys,
  savedConfiguration,
  savedConfigurationTags,
} from '../../../../src/rollout/traffic/saved-configuration.ts';

const own: DeploymentConfiguration = {
  strategy: 'BLUE_GREEN',
  bakeTimeInMinutes: 5,
  maximumPercent: 200,
  minimumHealthyPercent: 100,
  alarms: {
    alarmNames: Array.from({ length: 10 }, (_, i) => `web-alarm-${i}-ü`),
    enable: true,
    rollback: true,
  },
  lifecycleHooks: [
    {
      hookTargetArn: 'arn:aws:lambda:eu-west-1:123456789012:function:check',
      roleArn: 'arn:aws:iam::123456789012:role/hooks',
      lifecycleStages: ['POST_SCALE_UP'],
    },
  ],
};

test('a configuration is saved exactly in tags that ECS accepts, in any order', () => {
  const tags = savedConfigurationTags(own)!;
  expect(tags.length).toBeGreaterThan(1);
  for (const { key, value } of tags) {
    expect(value).toMatch(/^[\w+=.:/@-]{1,256}$/);
    expect(key).toMatch(/^[\w+=.:/@-]{1,128}$/);
  }
  expect(savedConfiguration([{ key: 'team', value: 'shop' }, ...tags.toReversed()])).toEqual(own);
});

test('only the tags of the saved configuration are removed', () => {
  const tags = [{ key: 'team', value: 'shop' }, ...savedConfigurationTags({ strategy: 'ROLLING' })!];
  expect(savedConfigurationKeys(tags)).toEqual(['ecs-ramp:own-configuration-1']);
});

test('edited or missing tags give no configuration', () => {
  expect(savedConfiguration([])).toBeNull();
  expect(savedConfiguration([{ key: 'ecs-ramp:own-configuration-1', value: 'edited' }])).toBeNull();
});
