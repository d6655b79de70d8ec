import type {
  AddTagsInput,
  DescribeTagsInput,
  DescribeTagsOutput,
  RemoveTagsInput,
  Tag,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../wire/service.ts';
import { checkTags } from '../wire/tag-rules.ts';
import { required } from './parameters.ts';
import { findListener, findLoadBalancer, findRule, findTargetGroup } from './world.ts';
import type { World } from './world.ts';

export function addTags(world: World, input: AddTagsInput): void {
  const tags = required(input.Tags, 'tags');
  const arns = resources(world, input.ResourceArns);
  for (const arn of arns) checkNewTags(tags, world.tags.get(arn)?.keys());
  for (const arn of arns) setTags(world, arn, tags);
}

export function removeTags(world: World, input: RemoveTagsInput): void {
  const keys = required(input.TagKeys, 'tagKeys');
  for (const arn of resources(world, input.ResourceArns)) {
    for (const key of keys) world.tags.get(arn)?.delete(key);
  }
}

export function describeTags(world: World, input: DescribeTagsInput): DescribeTagsOutput {
  return {
    TagDescriptions: resources(world, input.ResourceArns).map((arn) => ({
      ResourceArn: arn,
      Tags: [...(world.tags.get(arn) ?? [])].map(([Key, Value]) => ({ Key, Value })),
    })),
  };
}

/** Called before the resource is created, so that a refusal creates nothing. */
export function checkNewTags(tags: readonly Tag[] = [], present: Iterable<string> = []): void {
  const keys = tags.map(({ Key }) => required(Key, 'tags.key'));
  if (new Set(keys).size < keys.length)
    throw new AwsError('DuplicateTagKeys', 'A tag key was specified more than once');
  checkTags(
    tags.map(({ Key = '', Value = '' }) => [Key, Value]),
    { invalid: 'ValidationError', tooMany: 'TooManyTags', present },
  );
}

export function setTags(world: World, arn: string, tags: readonly Tag[] = []): void {
  const present = world.tags.get(arn) ?? new Map<string, string>();
  for (const { Key, Value = '' } of tags) present.set(Key!, Value);
  world.tags.set(arn, present);
}

function resources(world: World, arns: readonly string[] | undefined): readonly string[] {
  const named = required(arns, 'resourceArns');
  for (const arn of named) {
    if (arn.includes(':listener-rule/')) findRule(world, arn);
    else if (arn.includes(':listener/')) findListener(world, arn);
    else if (arn.includes(':targetgroup/')) findTargetGroup(world, arn);
    else findLoadBalancer(world, arn);
  }
  return named;
}
