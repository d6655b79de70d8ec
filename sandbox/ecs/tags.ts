import type {
  ListTagsForResourceRequest,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-ecs';
import { AwsError, type Service } from '../wire/service.ts';
import { checkTags } from '../wire/tag-rules.ts';
import type { World } from './world.ts';

export function tagOperations(world: World): Service['operations'] {
  return {
    TagResource({ resourceArn, tags }: TagResourceRequest) {
      addTags(world, existing(world, resourceArn), tags ?? []);
      return {};
    },
    UntagResource({ resourceArn, tagKeys }: UntagResourceRequest) {
      const arn = existing(world, resourceArn);
      world.tags.set(
        arn,
        tagsOf(world, arn).filter((tag) => !tagKeys?.includes(tag.key ?? '')),
      );
      return {};
    },
    ListTagsForResource: ({ resourceArn }: ListTagsForResourceRequest) => ({
      tags: tagsOf(world, existing(world, resourceArn)),
    }),
  };
}

export function tagsOf(world: World, arn: string): Tag[] {
  return world.tags.get(arn) ?? [];
}

/** Replaces a tag with the same key. */
export function addTags(world: World, arn: string, tags: readonly Tag[]): void {
  const present = tagsOf(world, arn);
  checkNewTags(tags, present);
  const merged = new Map([...present, ...tags].map((tag) => [tag.key, tag]));
  world.tags.set(arn, [...merged.values()]);
}

/** Call before a resource is created, so that a refusal creates nothing. */
export function checkNewTags(tags: readonly Tag[] = [], present: readonly Tag[] = []): void {
  checkTags(
    tags.map(({ key = '', value = '' }) => [key, value]),
    {
      invalid: 'InvalidParameterException',
      tooMany: 'InvalidParameterException',
      present: present.map(({ key = '' }) => key),
    },
  );
}

function existing(world: World, arn: string | undefined): string {
  const { capacityProviders, clusters, instances, services, taskDefinitions, tasks } = world;
  const known =
    arn !== undefined &&
    (services.has(arn) ||
      taskDefinitions.has(arn) ||
      tasks.has(arn) ||
      instances.has(arn) ||
      [...clusters.values(), ...capacityProviders.values()].some((resource) => resource.arn === arn));
  if (!known) {
    throw new AwsError('InvalidParameterException', 'The specified resource ARN was not found.');
  }
  return arn;
}
