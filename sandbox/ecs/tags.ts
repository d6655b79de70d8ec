import type {
  ListTagsForResourceRequest,
  Tag,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-ecs';
import { AwsError, type Service } from '../wire/service.ts';
import type { World } from './world.ts';

const LIMIT = 50;
const KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

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
  const merged = new Map([...tagsOf(world, arn), ...tags].map((tag) => [tag.key, tag]));
  if (merged.has(undefined) || merged.has('')) {
    throw new AwsError('InvalidParameterException', 'Tag keys cannot be empty.');
  }
  const wrong = tags.find(({ key = '', value = '' }) => !KEY.test(key) || !VALUE.test(value));
  if (wrong) {
    throw new AwsError(
      'InvalidParameterException',
      `Tag ${wrong.key ?? ''} has characters that are not allowed, or too many of them.`,
    );
  }
  if (merged.size > LIMIT) {
    throw new AwsError('InvalidParameterException', `A resource can have at most ${LIMIT} tags.`);
  }
  world.tags.set(arn, [...merged.values()]);
}

function existing(world: World, arn: string | undefined): string {
  const { clusters, services, taskDefinitions, tasks } = world;
  const known =
    arn !== undefined &&
    (services.has(arn) ||
      taskDefinitions.has(arn) ||
      tasks.has(arn) ||
      [...clusters.values()].some((cluster) => cluster.arn === arn));
  if (!known) {
    throw new AwsError('InvalidParameterException', 'The specified resource ARN was not found.');
  }
  return arn;
}
