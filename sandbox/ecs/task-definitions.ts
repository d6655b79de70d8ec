import type {
  DeleteTaskDefinitionsRequest,
  DeregisterTaskDefinitionRequest,
  DescribeTaskDefinitionRequest,
  ListTaskDefinitionFamiliesRequest,
  ListTaskDefinitionsRequest,
  RegisterTaskDefinitionRequest,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import { AwsError, type Caller, type Service } from '../wire/service.ts';
import { lastPart } from './names.ts';
import { page } from './paging.ts';
import { addTags, tagsOf } from './tags.ts';
import { asRegistered, checkTaskDefinition } from './task-definition-rules.ts';
import type { TaskDefinitionRecord, World } from './world.ts';

export function taskDefinitionOperations(world: World): Service['operations'] {
  return {
    RegisterTaskDefinition(input: RegisterTaskDefinitionRequest, caller: Caller) {
      checkTaskDefinition(input);
      const { tags = [], family = '', ...definition } = input;
      const revision = 1 + Math.max(0, ...revisionsOf(world, family).map((record) => record.revision));
      const arn = world.names.arn('task-definition', `${family}:${revision}`);
      addTags(world, arn, tags);
      const record: TaskDefinitionRecord = {
        arn,
        family,
        revision,
        status: 'ACTIVE',
        deregisteredAt: null,
        definition: {
          ...asRegistered(definition),
          family,
          revision,
          taskDefinitionArn: arn,
          registeredAt: new Date(world.clock.now()),
          registeredBy: `arn:aws:iam::${caller.account}:root`,
        },
      };
      world.taskDefinitions.set(arn, record);
      return { taskDefinition: view(record), tags };
    },

    DescribeTaskDefinition(input: DescribeTaskDefinitionRequest) {
      const record = findTaskDefinition(world, input.taskDefinition);
      if (!record) throw new AwsError('ClientException', 'Unable to describe task definition.');
      return {
        taskDefinition: view(record),
        ...(input.include?.includes('TAGS') && { tags: tagsOf(world, record.arn) }),
      };
    },

    DeregisterTaskDefinition(input: DeregisterTaskDefinitionRequest) {
      checkRevision(input.taskDefinition);
      const record = exactTaskDefinition(world, input.taskDefinition);
      if (!record) throw new AwsError('ClientException', 'Unable to describe task definition.');
      if (record.status !== 'ACTIVE') {
        throw new AwsError('ClientException', 'The specified task definition does not exist.');
      }
      record.status = 'INACTIVE';
      record.deregisteredAt = new Date(world.clock.now());
      return { taskDefinition: view(record) };
    },

    DeleteTaskDefinitions(input: DeleteTaskDefinitionsRequest) {
      const asked = (input.taskDefinitions ?? []).map((name) => ({
        name,
        record: exactTaskDefinition(world, name),
      }));
      const deletable = asked.flatMap(({ record }) => (record?.status === 'INACTIVE' ? [record] : []));
      for (const record of deletable) record.status = 'DELETE_IN_PROGRESS';
      return {
        taskDefinitions: deletable.map(view),
        failures: asked
          .filter(({ record }) => !record || !deletable.includes(record))
          .map(({ name, record }) => ({
            arn: record?.arn ?? name,
            reason: whyNotDeleted(name, record),
          })),
      };
    },

    ListTaskDefinitions(input: ListTaskDefinitionsRequest) {
      const { familyPrefix, status = 'ACTIVE', sort = 'ASC' } = input;
      const found = [...world.taskDefinitions.values()]
        .filter((record) => record.status === status)
        .filter((record) => familyPrefix === undefined || record.family === familyPrefix)
        .sort((a, b) => a.family.localeCompare(b.family) || a.revision - b.revision)
        .map((record) => record.arn);
      const { items, ...rest } = page(sort === 'DESC' ? found.toReversed() : found, input);
      return { taskDefinitionArns: items, ...rest };
    },

    ListTaskDefinitionFamilies(input: ListTaskDefinitionFamiliesRequest) {
      const { familyPrefix = '', status = 'ACTIVE' } = input;
      const all = [...world.taskDefinitions.values()].filter(
        (record) => record.status !== 'DELETE_IN_PROGRESS',
      );
      const active = new Set(
        all.filter((record) => record.status === 'ACTIVE').map((record) => record.family),
      );
      const families = [...new Set(all.map((record) => record.family))]
        .filter((family) => family.startsWith(familyPrefix))
        .filter((family) => status === 'ALL' || active.has(family) === (status === 'ACTIVE'))
        .sort();
      const { items, ...rest } = page(families, input);
      return { families: items, ...rest };
    },
  };
}

/** Throws ClientException for a family without a revision, or with one that is not a number. */
function checkRevision(name = ''): void {
  const [, revision] = lastPart(name).split(':');
  if (revision === undefined) throw new AwsError('ClientException', 'Revision is missing.');
  if (!/^\d+$/.test(revision))
    throw new AwsError('ClientException', `Invalid revision number. Number: ${revision}`);
}

function whyNotDeleted(name: string, record: TaskDefinitionRecord | undefined): string {
  if (record?.status === 'ACTIVE')
    return 'The specified task definition is still in ACTIVE status. Please deregister the target and try again.';
  if (record) return `The specified task definition is in ${record.status} status.`;
  return /:\d+$/.test(name)
    ? 'The specified task definition does not exist. Specify a valid account, family, revision and try again.'
    : 'The specified task definition identifier is invalid. Specify a valid name or ARN and try again.';
}

/** Finds by `family` (its latest ACTIVE revision), `family:revision` or ARN. */
export function findTaskDefinition(world: World, name: string | undefined): TaskDefinitionRecord | undefined {
  return (
    exactTaskDefinition(world, name) ??
    revisionsOf(world, lastPart(name ?? '')).findLast((record) => record.status === 'ACTIVE')
  );
}

/** The task definition to run. Throws ClientException when it does not exist or is not ACTIVE. */
export function runnableTaskDefinition(world: World, name: string | undefined): TaskDefinitionRecord {
  const record = findTaskDefinition(world, name);
  if (!record) throw new AwsError('ClientException', 'TaskDefinition not found.');
  if (record.status !== 'ACTIVE') throw new AwsError('ClientException', 'TaskDefinition is inactive');
  return record;
}

function exactTaskDefinition(world: World, name = ''): TaskDefinitionRecord | undefined {
  return world.taskDefinitions.get(name.startsWith('arn:') ? name : world.names.arn('task-definition', name));
}

function revisionsOf(world: World, family: string): TaskDefinitionRecord[] {
  return [...world.taskDefinitions.values()].filter((record) => record.family === family);
}

function view(record: TaskDefinitionRecord): TaskDefinition {
  return {
    ...record.definition,
    status: record.status,
    ...(record.deregisteredAt && { deregisteredAt: record.deregisteredAt }),
  };
}
